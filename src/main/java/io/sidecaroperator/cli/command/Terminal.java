package io.sidecaroperator.cli.command;

import java.lang.reflect.InvocationTargetException;

/**
 * Which of the three standard streams a person is at.
 *
 * @param in whether what is read is typed
 * @param out whether the result is looked at, so that colour helps
 * @param err whether messages are looked at, so that progress helps
 */
public record Terminal(boolean in, boolean out, boolean err) {
    /** Nobody watches: pipes and files only. */
    public static final Terminal NONE = new Terminal(false, false, false);

    /** Set by the launchers, which can ask for each stream: those that are a terminal, as in {@code in,err}. */
    static final String PROPERTY = "sidecar.terminal";

    /** The terminal of this process. */
    public static Terminal ofProcess() {
        String streams = System.getProperty(PROPERTY);
        return streams == null ? guess() : parse(streams);
    }

    static Terminal parse(String streams) {
        String all = "," + streams + ",";
        return new Terminal(all.contains(",in,"), all.contains(",out,"), all.contains(",err,"));
    }

    /** Whether somebody types and reads. */
    public boolean isInteractive() {
        return in && out;
    }

    private static Terminal guess() {
        boolean interactive = hasConsole();
        return new Terminal(interactive, interactive, interactive);
    }

    private static boolean hasConsole() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there may be a console where there is no terminal, and a method to ask.
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}

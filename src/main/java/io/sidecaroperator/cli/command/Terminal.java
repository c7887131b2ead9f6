package io.sidecaroperator.cli.command;

import java.lang.reflect.InvocationTargetException;

/**
 * Which of the three standard streams are a terminal.
 *
 * @param in whether the input is typed
 * @param out whether a person reads the result, so that colour helps
 * @param err whether a person reads the messages, so that progress helps
 */
public record Terminal(boolean in, boolean out, boolean err) {
    /** No terminal: pipes and files only. */
    public static final Terminal NONE = new Terminal(false, false, false);

    /** Set by the launchers, which can check each stream: the streams that are a terminal, as in {@code in,err}. */
    static final String PROPERTY = "sidecar.terminal";

    /** Returns the terminal of this process. */
    public static Terminal ofProcess() {
        String streams = System.getProperty(PROPERTY);
        return streams == null ? guess() : parse(streams);
    }

    static Terminal parse(String streams) {
        String all = "," + streams + ",";
        return new Terminal(all.contains(",in,"), all.contains(",out,"), all.contains(",err,"));
    }

    /** Whether a person types and reads. */
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
            // Since Java 22 a console may exist without a terminal; a method tells.
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}

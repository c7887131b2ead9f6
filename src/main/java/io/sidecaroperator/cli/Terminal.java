package io.sidecaroperator.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;

/** Whether a person watches and types. */
public final class Terminal {
    private Terminal() {}

    /** Whether standard input and standard output are a terminal. */
    public static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there may be a console where there is no terminal, and a method to ask.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}

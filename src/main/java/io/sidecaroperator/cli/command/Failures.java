package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.yaml.InvalidYamlException;
import java.io.PrintWriter;
import picocli.CommandLine;

/** Says why a command ended: a user's error in the user's words, a defect of this program in one line. */
public final class Failures {
    /** Set to 1, it adds the stack trace to the report of a defect in this program. */
    private static final String DEBUG = "SIDECAR_DEBUG";

    private Failures() {}

    /** Says what is wrong with the options, and where to read about them. */
    static int usage(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine commandLine = wrong.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println(commandLine.getCommandSpec().root().name() + ": " + wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("'" + commandLine.getCommandSpec().qualifiedName() + " --help' tells how it is used");
        err.flush();
        return ExitCode.BAD_INPUT;
    }

    /** Handles exceptions of a command. {@code debug} is the value of {@value #DEBUG}, or empty. */
    public static CommandLine.IExecutionExceptionHandler handler(String debug) {
        return (thrown, commandLine, parsed) -> report(
                thrown,
                commandLine.getErr(),
                commandLine.getCommandSpec().root().name(),
                debug);
    }

    /** Writes the failure and returns the exit code for it. */
    public static int report(Throwable thrown, PrintWriter err, String program, String debug) {
        try {
            if (thrown instanceof BrokenPipeException) {
                return ExitCode.NOBODY_READS;
            }
            if (thrown instanceof InputException || thrown instanceof InvalidYamlException) {
                String.valueOf(thrown.getMessage()).lines().forEach(line -> err.println(program + ": " + line));
                return ExitCode.BAD_INPUT;
            }
            err.println(program + ": this is a mistake of the program, not yours; please report it: " + thrown);
            if (debug.equals("1")) {
                thrown.printStackTrace(err);
            } else {
                err.println(program + ": with " + DEBUG + "=1 it prints where it happened");
            }
            return ExitCode.BUG;
        } finally {
            err.flush();
        }
    }
}

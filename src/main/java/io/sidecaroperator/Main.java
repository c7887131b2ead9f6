package io.sidecaroperator;

import io.sidecaroperator.cli.command.Console;
import io.sidecaroperator.cli.command.Failures;
import io.sidecaroperator.cli.command.SidecarCommand;
import io.sidecaroperator.cli.command.Terminal;
import io.sidecaroperator.cli.demo.DemoCommand;
import io.sidecaroperator.operator.app.Logging;
import io.sidecaroperator.operator.app.OperatorCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Entry point of the program, for the operator process and for the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        Logging.configure(args, System.getenv(), terminal.isInteractive());
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        String debug = System.getenv().getOrDefault("SIDECAR_DEBUG", "");
        String program = System.getProperty("sidecar.command", "sidecar");
        int exitCode;
        try {
            exitCode = commandLine(program, terminal)
                    .setErr(err)
                    .setExecutionExceptionHandler(Failures.handler(debug))
                    .execute(args);
        } catch (StackOverflowError | OutOfMemoryError e) {
            exitCode = Failures.report(e, err, program, debug);
        }
        System.exit(exitCode);
    }

    /** Returns all commands, under the program name that the user typed. */
    static CommandLine commandLine(String program, Terminal terminal) {
        // Not System.out, which encodes text by the machine's locale: manifests are UTF-8.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        return SidecarCommand.commandLine(
                        new Console(System.getenv(), terminal, System.in, out),
                        new DemoCommand(),
                        new OperatorCommand())
                .setCommandName(program);
    }
}

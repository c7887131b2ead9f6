package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** One run of the command line inside this JVM. */
public record CommandRun(int exitCode, String out, String err) {
    /** Runs the command line with this standard input. */
    public static CommandRun of(String input, String... arguments) {
        return in(Map.of("HOME", "/nowhere"), input, arguments);
    }

    /** The same in this environment. */
    public static CommandRun in(Map<String, String> environment, String input, String... arguments) {
        return run(environment, Terminal.NONE, input, arguments);
    }

    /** The same on this terminal. */
    static CommandRun of(Terminal terminal, String input, String... arguments) {
        return run(Map.of("HOME", "/nowhere"), terminal, input, arguments);
    }

    private static CommandRun run(
            Map<String, String> environment, Terminal terminal, String input, String... arguments) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        StringWriter help = new StringWriter();
        StringWriter err = new StringWriter();
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        CommandLine commandLine = SidecarCommand.commandLine(new Console(environment, terminal, in, result))
                .setOut(new PrintWriter(help))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(Failures.handler(""));
        int exitCode = commandLine.execute(arguments);
        return new CommandRun(exitCode, help + result.toString(StandardCharsets.UTF_8), err.toString());
    }

    /** Returns what a successful command printed. */
    public String ok() {
        assertThat(exitCode).as("exit code; %s", err).isZero();
        return out;
    }

    static CommandRun inject(String input, String... more) {
        String[] arguments = new String[more.length + 1];
        arguments[0] = "inject";
        System.arraycopy(more, 0, arguments, 1, more.length);
        return of(input, arguments);
    }

    static CommandRun uninject(String input) {
        return of(input, "uninject");
    }
}

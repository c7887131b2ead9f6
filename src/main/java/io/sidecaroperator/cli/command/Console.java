package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * The streams of a command, and whether a person is at them.
 *
 * @param environment the environment, for {@code KUBECONFIG}, {@code HOME} and {@code NO_COLOR}
 * @param in standard input
 * @param out standard output: bytes, because manifests are UTF-8 in every locale
 */
public record Console(Map<String, String> environment, Terminal terminal, InputStream in, OutputStream out) {
    public Console {
        environment = Map.copyOf(environment);
    }

    /**
     * Returns how to colour results: without colour if the output is not a terminal or the user does not want it
     * (no-color.org).
     */
    Style style() {
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return terminal.out() && !plain ? Style.COLOURED : Style.PLAIN;
    }

    /**
     * Writes a part of the result.
     *
     * @throws InputException when it cannot be written
     * @throws BrokenPipeException when the reader of the result has closed the pipe
     */
    void print(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Writes a result that was kept until it was complete.
     *
     * @throws InputException when it cannot be written
     * @throws BrokenPipeException when the reader of the result has closed the pipe
     */
    void print(Spool result) {
        try (InputStream kept = result.read()) {
            kept.transferTo(out);
            out.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(IOException e) {
        String why = String.valueOf(e.getMessage());
        return why.toLowerCase(Locale.ROOT).contains("broken pipe")
                ? new BrokenPipeException()
                : new InputException("the result cannot be written: " + why);
    }
}

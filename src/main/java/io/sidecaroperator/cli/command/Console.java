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
 * Where a command reads and writes, and who watches.
 *
 * @param environment where {@code KUBECONFIG}, {@code HOME} and {@code NO_COLOR} are looked for
 * @param in standard input
 * @param out standard output: bytes, since manifests are UTF-8 whatever the machine's locale is
 */
public record Console(Map<String, String> environment, Terminal terminal, InputStream in, OutputStream out) {
    public Console {
        environment = Map.copyOf(environment);
    }

    /** How results are coloured: not where no person looks, nor where one does not want it (no-color.org). */
    Style style() {
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return terminal.out() && !plain ? Style.COLOURED : Style.PLAIN;
    }

    /**
     * Writes a piece of the result.
     *
     * @throws InputException when it cannot be written
     * @throws NobodyReadsException when whoever read the result has seen enough
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
     * Writes a result that was kept until all of it was there.
     *
     * @throws InputException when it cannot be written
     * @throws NobodyReadsException when whoever read the result has seen enough
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

package io.sidecaroperator.cli.manifest;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A report that is read at the end. It may be long. */
public final class SpooledReport extends Report implements Closeable {
    private final Spool spool = new Spool(1 << 20);
    private final boolean quiet;

    /** {@code quiet} leaves out what was done. */
    public SpooledReport(boolean quiet) {
        this.quiet = quiet;
    }

    @Override
    protected void line(Level level, String text, @Nullable ManifestObject about) {
        if (quiet && level == Level.INFO) {
            return;
        }
        try {
            spool.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Temporary.failure(e);
        }
    }

    /** Passes on every line, in order. */
    public void forEach(Consumer<String> line) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(spool.read(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(line);
        } catch (IOException e) {
            throw Temporary.failure(e);
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}

package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.yaml.Document;
import io.sidecaroperator.yaml.DocumentRewriter;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Rewrites files in place. First it writes every new text next to its file. If all of that succeeds, each new text
 * replaces its file in one step. A link's target is rewritten, and permissions stay.
 */
public final class InPlace implements Closeable {
    private final List<Fresh> fresh = new ArrayList<>();

    /** A new text, and the source that it replaces. */
    private record Fresh(Source source, Replacement replacement) {}

    /**
     * Checks that each of the sources can be rewritten.
     *
     * @throws InputException when a source is not a regular file, or is named twice
     */
    public static void check(List<Source> sources) {
        Map<Path, Source> seen = new HashMap<>();
        for (Source source : sources) {
            if (source.isStandardInput() || !Files.isRegularFile(source.file())) {
                throw new InputException(source.name() + ": is no regular file, so it cannot be changed in place");
            }
            try {
                Source other = seen.put(source.file().toRealPath(), source);
                if (other != null) {
                    throw new InputException(source.name() + ": is also named as " + other.name()
                            + "; a file can be changed in place only once");
                }
            } catch (IOException e) {
                throw ManifestFiles.failure(source, e);
            }
        }
    }

    /** Writes the new text of a file next to it, if it changes. */
    public void rewrite(Source source, Function<Document, JsonNode> change) {
        try {
            Path file = source.file().toRealPath();
            new DocumentRewriter(source.name(), file, () -> open(source, file)).rewrite(change);
        } catch (IOException e) {
            throw cannot(source, e);
        }
    }

    /** Returns how many files there are to replace. */
    public int files() {
        return fresh.size();
    }

    /** Replaces every file with its new text. */
    public void commit() {
        while (!fresh.isEmpty()) {
            Fresh next = fresh.get(0);
            try {
                next.replacement().commit();
            } catch (IOException e) {
                throw cannot(next.source(), e);
            }
            fresh.remove(0);
        }
    }

    /** Deletes the new texts that did not replace their file. */
    @Override
    public void close() throws IOException {
        for (Fresh left : fresh) {
            left.replacement().discard();
        }
    }

    private Writer open(Source source, Path file) throws IOException {
        Replacement replacement = Replacement.of(file);
        fresh.add(new Fresh(source, replacement));
        FileChannel channel = replacement.open();
        return new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8)) {
            @Override
            public void close() throws IOException {
                // Written to the disk before it replaces the file: after a crash, the file has the old text or the new
                // one.
                flush();
                channel.force(true);
                super.close();
            }
        };
    }

    private static InputException cannot(Source source, IOException e) {
        return new InputException(source.name() + ": cannot be changed in place: " + Replacement.reason(e));
    }
}

package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.yaml.Document;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The manifests of one run. Only one document is in memory at a time. A pipe, which can be read only once, is kept in a
 * {@link Spool} when it is needed twice.
 */
public final class Manifests implements Closeable {
    /** Kinds that affect other documents. */
    private static final Set<String> WORDS = Set.of("SidecarPolicy", "Namespace", "LimitRange");
    /** How a word can be in a YAML value without being in its text: escapes of letters, a folded line, tags. */
    private static final Set<String> DISGUISES = Set.of("\\x", "\\u", "\\U", "\\\n", "!!", "!<", "%TAG");

    private final List<Source> sources;
    private final ManifestFiles files;
    private final Map<Source, Spool> kept = new HashMap<>();

    public Manifests(List<Source> sources, ManifestFiles files) {
        this.sources = List.copyOf(sources);
        this.files = files;
    }

    /**
     * What affects other documents, found before any of them is changed.
     *
     * @param documents how many documents there are
     * @param objects the policies, Namespaces and LimitRanges, in order
     */
    public record Survey(int documents, List<ManifestObject> objects) {}

    public List<Source> sources() {
        return sources;
    }

    /** Returns the call of a KRM function, if standard input is the only source and contains only the call. */
    public Optional<FunctionCall> functionCall() {
        if (sources.size() != 1 || !sources.get(0).isStandardInput()) {
            return Optional.empty();
        }
        Source source = sources.get(0);
        keep(source);
        try (DocumentReader reader = new DocumentReader(source.name(), open(source))) {
            return reader.only(FunctionCall::mayBe).flatMap(FunctionCall::of);
        } catch (IOException e) {
            throw ManifestFiles.failure(source, e);
        }
    }

    /** Reads everything once, and keeps what cannot be read again. */
    public Survey survey() {
        List<ManifestObject> objects = new ArrayList<>();
        int documents = 0;
        for (Source source : sources) {
            if (source.isStandardInput() || !Files.isRegularFile(source.file())) {
                keep(source);
            }
            try (DocumentReader reader = new DocumentReader(source.name(), open(source))) {
                documents += reader.survey(
                        Manifests::mayMatter,
                        document -> ManifestObject.map(document, object -> {
                            if (WORDS.stream().anyMatch(object.kind()::endsWith)) {
                                objects.add(object);
                            }
                            return object.tree();
                        }));
            } catch (IOException e) {
                throw ManifestFiles.failure(source, e);
            }
        }
        return new Survey(documents, objects);
    }

    /** Passes on every document, in order. */
    public void forEach(Consumer<Document> consumer) {
        for (Source source : sources) {
            try (DocumentReader reader = new DocumentReader(source.name(), open(source))) {
                reader.forEachRemaining(consumer);
            } catch (IOException e) {
                throw ManifestFiles.failure(source, e);
            }
        }
    }

    private InputStream open(Source source) throws IOException {
        Spool spool = kept.get(source);
        return spool == null ? files.open(source) : spool.read();
    }

    private void keep(Source source) {
        if (kept.containsKey(source)) {
            return;
        }
        Spool spool = new Spool();
        kept.put(source, spool);
        try (InputStream in = files.open(source)) {
            byte[] buffer = new byte[1 << 16];
            for (int count = read(source, in, buffer); count >= 0; count = read(source, in, buffer)) {
                spool.write(buffer, 0, count);
            }
        } catch (IOException e) {
            throw Temporary.failure(e);
        }
    }

    private static int read(Source source, InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw ManifestFiles.failure(source, e);
        }
    }

    private static boolean mayMatter(String text) {
        return WORDS.stream().anyMatch(text::contains) || DISGUISES.stream().anyMatch(text::contains);
    }

    @Override
    public void close() throws IOException {
        for (Spool spool : kept.values()) {
            spool.close();
        }
    }
}

package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.yaml.Document;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Reads sources. Standard input can be read once in a run, whichever option names it. */
public final class ManifestFiles {
    private final InputStream standardInput;
    private boolean consumed;

    public ManifestFiles(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /** Returns all documents of the sources in their order. An error in the last one then leaves no half-done work. */
    public List<Document> read(List<Source> sources) {
        List<Document> documents = new ArrayList<>();
        for (Source source : sources) {
            try (DocumentReader reader = new DocumentReader(source.name(), open(source))) {
                reader.forEachRemaining(documents::add);
            } catch (IOException e) {
                throw failure(source, e);
            }
        }
        return documents;
    }

    /** Returns the bytes of a source. */
    InputStream open(Source source) throws IOException {
        if (!source.isStandardInput()) {
            return Files.newInputStream(source.file());
        }
        if (consumed) {
            throw new InputException("-: standard input can be read only once");
        }
        consumed = true;
        return standardInput;
    }

    static InputException failure(Source source, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new InputException(source.name() + ": there is no such file");
        }
        return new InputException(
                source.name() + ": " + (e instanceof AccessDeniedException ? "may not be read" : e.getMessage()));
    }
}

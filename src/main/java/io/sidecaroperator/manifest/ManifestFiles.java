package io.sidecaroperator.manifest;

import io.sidecaroperator.yaml.Document;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the files that options name; {@code -} is standard input, which can be read once. */
public final class ManifestFiles {
    private static final String STANDARD_INPUT = "-";

    private final InputStream standardInput;
    private boolean consumed;

    public ManifestFiles(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /** The documents of the files in their order, all of them: a mistake in the last one leaves nothing half done. */
    public List<Document> read(List<String> files) {
        List<Document> documents = new ArrayList<>();
        for (String file : files) {
            try (DocumentReader reader = open(file)) {
                reader.forEachRemaining(documents::add);
            } catch (IOException e) {
                throw new InputException(file + ": " + reason(e));
            }
        }
        return documents;
    }

    private DocumentReader open(String file) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            if (consumed) {
                throw new InputException("-: standard input can be read only once");
            }
            consumed = true;
            return new DocumentReader("standard input", standardInput);
        }
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                throw new InputException(file + ": is a directory; name its files, as in -f " + file + "/*.yaml");
            }
            return new DocumentReader(file, Files.newInputStream(path));
        } catch (InvalidPathException e) {
            throw new InputException(file + ": is no file name");
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof AccessDeniedException ? "may not be read" : String.valueOf(e.getMessage());
    }
}

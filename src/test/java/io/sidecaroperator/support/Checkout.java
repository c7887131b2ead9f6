package io.sidecaroperator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the checkout in which the tests run. */
public final class Checkout {
    /** The project's root: Maven runs tests there. */
    public static final Path ROOT = Path.of("").toAbsolutePath();

    private Checkout() {}

    /** Returns the text of a file, by its path from the root. */
    public static String read(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

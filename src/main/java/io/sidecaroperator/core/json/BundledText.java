package io.sidecaroperator.core.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts that the build contains, such as the CRDs and the style of a page. */
public final class BundledText {
    private BundledText() {}

    /**
     * Reads a resource as UTF-8.
     *
     * @param path from the root of the jar, with a slash at its start
     * @throws IllegalStateException when the build does not contain it
     */
    public static String read(String path) {
        try (InputStream stream = BundledText.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException("the build carries no " + path);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.sidecaroperator.cli.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** How the page looks: on wide and narrow screens, by day and by night, and on paper. */
final class Stylesheet {
    /** The hatching of what was added, for all drawings. */
    static final String PATTERN = "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
            + "<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\""
            + " patternTransform=\"rotate(45)\"><rect class=\"stripe\" width=\"3\" height=\"6\"/></pattern></defs></svg>";

    /** The rules of {@code page.css}. */
    static final String TEXT = "\n" + read("/page.css");

    private Stylesheet() {}

    private static String read(String resource) {
        try (InputStream stream = Stylesheet.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the build has no " + resource);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

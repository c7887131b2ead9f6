package io.sidecaroperator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The prose of the documents is wrapped, so that a diff of two versions is readable. */
class ProseTest {
    private static final int LIMIT = 160;
    private static final String FENCE = "```";
    private static final String TABLE = "|";

    static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(Checkout.ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
                                    .map(Path::of),
                            files.filter(file -> file.toString().endsWith(".md"))
                                    .map(Checkout.ROOT::relativize)
                                    .sorted())
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void noLineOfProseIsTooLong(Path document) {
        assertThat(longLines(document.toString(), Checkout.read(document.toString())))
                .as("lines of %s over %d characters; break them at a sentence or a thought", document, LIMIT)
                .isEmpty();
    }

    @Test
    void codeAndTablesAreNotWrapped() {
        String line = "x".repeat(LIMIT + 1);
        String text = String.join("\n", line, "| " + line, "  ```sh", line, "  ```", "x".repeat(LIMIT), line);
        assertThat(longLines("page.md", text)).containsExactly("page.md:1", "page.md:7");
    }

    /** Returns the lines of prose over the limit, each as file and line number. */
    private static List<String> longLines(String file, String text) {
        List<String> found = new ArrayList<>();
        boolean inside = false;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.stripLeading().startsWith(FENCE)) {
                inside = !inside;
            } else if (!inside
                    && !line.stripLeading().startsWith(TABLE)
                    && line.codePointCount(0, line.length()) > LIMIT) {
                found.add(file + ":" + number);
            }
        }
        return found;
    }
}

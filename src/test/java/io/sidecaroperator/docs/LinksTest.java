package io.sidecaroperator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links between the documents of the checkout. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(Checkout.ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .map(Checkout.ROOT::relativize)
                    .filter(file -> !file.startsWith("target") && !file.startsWith(".git"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkToAFileLeadsToOne(Path document) {
        Path file = Checkout.ROOT.resolve(document);
        Matcher links = LINK.matcher(Checkout.read(document.toString()));
        while (links.find()) {
            assertThat(file.resolveSibling(links.group(1)))
                    .as("a link of %s", document)
                    .exists();
        }
    }

    @Test
    void theReadmesPolicyIsTheOneThatTheDemoApplies() {
        assertThat(Readme.read().text())
                .contains("```yaml\n" + Checkout.read("examples/log-collector/policy.yaml") + "```");
    }
}

package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The forms for issues are ones that GitHub shows: it hides a form with a mistake. */
class IssueFormsTest {
    private static final String FOLDER = ".github/ISSUE_TEMPLATE";

    static List<String> forms() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.ROOT.resolve(FOLDER))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("config.yml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aFormHasWhatGitHubDemands(String name) {
        ObjectNode form = form(name);
        assertThat(form.path("name").asText()).isNotBlank();
        assertThat(form.path("description").asText()).isNotBlank();

        List<ObjectNode> questions = Json.objects(form, "body")
                .filter(element -> !element.path("type").asText().equals("markdown"))
                .toList();
        assertThat(questions).isNotEmpty().allSatisfy(question -> {
            assertThat(question.path("type").asText()).isIn("input", "textarea", "dropdown", "checkboxes");
            assertThat(question.path("id").asText()).matches("[a-z-]+");
            assertThat(question.at("/attributes/label").asText()).isNotBlank();
        });
        assertThat(questions)
                .extracting(question -> question.path("id").asText())
                .doesNotHaveDuplicates();
        assertThat(questions)
                .anyMatch(question -> question.at("/validations/required").asBoolean());
    }

    @Test
    void theirSettingsAreReadable() {
        assertThat(form("config.yml").path("blank_issues_enabled").isBoolean()).isTrue();
    }

    private static ObjectNode form(String name) {
        return Manifests.parse(Checkout.read(FOLDER + "/" + name)).objects().get(0);
    }
}

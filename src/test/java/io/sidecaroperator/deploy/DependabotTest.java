package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dependabot looks after everything that is pinned, wherever it is. */
class DependabotTest {
    private static final Pattern TOOL_BLOCK = Pattern.compile("(?ms)^tool \\(\n(.*?)^\\)");
    private static final Pattern TOOL = Pattern.compile("(?m)^(?:tool )?\\s*([a-z0-9.-]+\\.[a-z]+/\\S+)$");
    private static final Pattern TOOL_LINE = Pattern.compile("(?m)^tool ([^\\s(]+)$");
    private static final Pattern REQUIRED = Pattern.compile("(?m)^(?:require)?\\s+(\\S+) v\\S+");

    private final ObjectNode file =
            Manifests.parse(Checkout.read(".github/dependabot.yml")).objects().get(0);

    @Test
    void itLooksAtActionsMavenAndTheBaseOfTheImage() {
        assertThat(file.path("version").intValue()).isEqualTo(2);
        assertThat(update("github-actions").path("directory").asText()).isEqualTo("/");
        assertThat(update("maven").path("directory").asText()).isEqualTo("/");
        assertThat(Checkout.ROOT.resolve(
                        update("docker").path("directory").asText().substring(1) + "/Dockerfile"))
                .exists();
        assertThat(Json.objects(file, "updates"))
                .allSatisfy(update ->
                        assertThat(update.at("/schedule/interval").asText()).isEqualTo("monthly"));
    }

    @Test
    void itLooksAtEveryGoModule() throws IOException {
        assertThat(update("gomod").path("directories").valueStream().map(JsonNode::asText))
                .containsExactlyInAnyOrderElementsOf(
                        modules().map(folder -> "/" + folder).toList());
    }

    /** Go notes the module of a tool as indirect; Dependabot updates an indirect one only by its name. */
    @Test
    void itMayUpdateTheModuleOfEveryTool() throws IOException {
        List<String> allowed = Json.objects(update("gomod"), "allow")
                .map(entry -> entry.path("dependency-name").asText())
                .filter(name -> !name.isEmpty())
                .toList();
        List<String> tools = modules()
                .flatMap(folder -> toolModules(Checkout.read(folder + "/go.mod")))
                .distinct()
                .toList();
        assertThat(allowed).isNotEmpty().containsExactlyInAnyOrderElementsOf(tools);
    }

    private ObjectNode update(String ecosystem) {
        return Json.objects(file, "updates")
                .filter(update -> update.path("package-ecosystem").asText().equals(ecosystem))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ecosystem + " is not looked at"));
    }

    /** Returns the folders below tools that have a module, as paths from the root. */
    private static Stream<String> modules() throws IOException {
        try (Stream<Path> files = Files.walk(Checkout.ROOT.resolve("tools"))) {
            return files
                    .filter(path -> path.endsWith("go.mod"))
                    .map(path -> Checkout.ROOT.relativize(path.getParent()).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** Returns for each tool of a go.mod the module that it belongs to: the required one with the longest fitting path. */
    private static Stream<String> toolModules(String module) {
        List<String> required =
                REQUIRED.matcher(module).results().map(match -> match.group(1)).toList();
        Stream<String> inBlocks = TOOL_BLOCK
                .matcher(module)
                .results()
                .flatMap(block -> TOOL.matcher(block.group(1)).results())
                .map(match -> match.group(1));
        Stream<String> lines = TOOL_LINE.matcher(module).results().map((MatchResult match) -> match.group(1));
        return Stream.concat(inBlocks, lines)
                .map(tool -> required.stream()
                        .filter(name -> (tool + "/").startsWith(name + "/"))
                        .max(Comparator.comparingInt(String::length))
                        .orElseThrow(() -> new AssertionError("no module has " + tool)));
    }
}

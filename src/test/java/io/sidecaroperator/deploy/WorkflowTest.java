package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CI workflows run the same commands as developers, with only the rights that they need. */
class WorkflowTest {
    private static final Pattern HASHED = Pattern.compile("'([^']+)'");

    private final ObjectNode workflow = workflow("ci");
    private final List<ObjectNode> steps = steps(workflow);

    @Test
    void runsTheOneTestCommand() {
        assertThat(steps)
                .anySatisfy(step -> assertThat(step.path("run").asText()).isEqualTo(".ci/run"));
        assertThat(Files.isExecutable(Checkout.ROOT.resolve(".ci/run"))).isTrue();
    }

    @Test
    void aScheduledWorkflowRunsItWithAllRandomRunsAndASeedOfItsOwn() {
        ObjectNode exhaustive = workflow("exhaustive");

        // The key is "on", which YAML 1.1 reads as true.
        assertThat(exhaustive.at("/true/schedule/0/cron").asText()).isNotEmpty();
        assertThat(steps(exhaustive))
                .anySatisfy(step ->
                        assertThat(step.path("run").asText()).startsWith(".ci/run -Pexhaustive \"-Dtest.seed="));
        assertThat(Checkout.read("pom.xml")).contains("<id>exhaustive</id>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ci", "exhaustive"})
    void mayOnlyReadTheSources(String name) {
        assertThat(workflow(name).path("permissions")).isEqualTo(Json.parse("{\"contents\":\"read\"}"));
        assertThat(workflow(name).at("/jobs/verify").has("permissions")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ci", "exhaustive"})
    void actionsAreGithubsOwnAtAMajorVersion(String name) {
        assertThat(steps(workflow(name)))
                .filteredOn(step -> step.has("uses"))
                .hasSizeGreaterThan(3)
                .allSatisfy(step -> assertThat(step.path("uses").asText()).matches("actions/[a-z-]+@v[0-9]+"));
    }

    @Test
    void everyFileThatAStepNamesExists() {
        ObjectNode cache = action("actions/cache");
        Matcher hashed = HASHED.matcher(cache.at("/with/key").asText());

        assertThat(Checkout.ROOT.resolve(
                        action("actions/setup-go").at("/with/go-version-file").asText()))
                .exists();
        assertThat(hashed.results().map(match -> match.group(1)))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(Checkout.ROOT.resolve(path)).exists());
    }

    @Test
    void javaIsTheReleaseTheProjectIsCompiledFor() {
        JsonNode version = action("actions/setup-java").at("/with/java-version");

        assertThat(Checkout.read("pom.xml"))
                .contains("<maven.compiler.release>" + version.asText() + "</maven.compiler.release>");
    }

    private static ObjectNode workflow(String name) {
        return Manifests.parse(Checkout.read(".github/workflows/" + name + ".yml"))
                .objects()
                .get(0);
    }

    private static List<ObjectNode> steps(ObjectNode workflow) {
        return Json.objects(workflow.at("/jobs/verify"), "steps").toList();
    }

    private ObjectNode action(String name) {
        return steps.stream()
                .filter(step -> step.path("uses").asText().startsWith(name + "@"))
                .findFirst()
                .orElseThrow();
    }
}

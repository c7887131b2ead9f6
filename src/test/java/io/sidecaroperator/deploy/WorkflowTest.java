package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The workflows run the same commands as developers, with only the rights that they need. */
class WorkflowTest {
    private static final String FOLDER = ".github/workflows";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern HASHED = Pattern.compile("'([^']+)'");
    private static final Pattern USES = Pattern.compile(
            "(- )?uses: (?<action>actions/[a-z-]+)@(?<commit>[0-9a-f]{40}) # v[0-9]+\\.[0-9]+\\.[0-9]+");

    /** What a script names in folders of the checkout; what it makes itself is in other folders. */
    private static final Pattern SOURCE =
            Pattern.compile("(?<![\\w./$-])((?:tools|licenses|crds|deploy|src|docs|\\.ci)(?:/[\\w.-]+)+)");

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
    @MethodSource("names")
    void actionsAreGithubsOwnAtACommitWithItsVersion(String name) {
        List<String> uses = text(name)
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("(- )?uses:.*"))
                .toList();
        assertThat(uses)
                .hasSizeGreaterThan(3)
                .allMatch(line -> USES.matcher(line).matches());
        assertThat(allSteps(name).filter(step -> step.has("uses")))
                .as("steps that are read as the lines are")
                .hasSameSizeAs(uses);
    }

    @Test
    void allWorkflowsUseOneCommitOfAnAction() throws IOException {
        Map<String, Set<String>> commits = new TreeMap<>();
        for (String name : names()) {
            Matcher uses = USES.matcher("");
            text(name)
                    .lines()
                    .map(String::strip)
                    .filter(line -> uses.reset(line).matches())
                    .forEach(line -> commits.computeIfAbsent(uses.group("action"), action -> new TreeSet<>())
                            .add(uses.group("commit")));
        }
        assertThat(commits)
                .isNotEmpty()
                .allSatisfy((action, used) -> assertThat(used).as(action).hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("names")
    void scriptsAreBash(String name) {
        assertThat(scripts(name)).isNotEmpty().allSatisfy(script -> {
            assertThat(Program.run(List.of("bash", "-n"), Map.of(), script, LIMIT)
                            .ok()
                            .err())
                    .isEmpty();
            assertThat(script)
                    .as("values come as variables, never into the text of a script")
                    .doesNotContain("${{");
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyFileThatAScriptNamesExists(String name) {
        assertThat(scripts(name).stream()
                        .flatMap(script -> SOURCE.matcher(script).results())
                        .map(match -> match.group(1)))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(Checkout.ROOT.resolve(path)).exists());
    }

    @ParameterizedTest
    @MethodSource("names")
    void noStepKeepsTheTokenInTheCheckout(String name) {
        assertThat(allSteps(name)
                        .filter(step -> step.path("uses").asText().startsWith("actions/checkout@"))
                        .map(step -> step.at("/with/persist-credentials")))
                .isNotEmpty()
                .allMatch(keeps -> keeps.isBoolean() && !keeps.booleanValue());
    }

    @Test
    void onlyTheJobsThatPublishMayWriteAndOnlyWhatTheyPublish() {
        ObjectNode release = workflow("release");
        assertThat(release.path("permissions")).isEqualTo(Json.object());

        Map<String, Set<String>> writes = new TreeMap<>();
        release.path("jobs").properties().forEach(job -> {
            assertThat(job.getValue().at("/permissions/contents").asText())
                    .as("%s reads the sources", job.getKey())
                    .isNotEmpty();
            Set<String> written = new TreeSet<>();
            job.getValue().path("permissions").properties().forEach(permission -> {
                if (permission.getValue().asText().equals("write")) {
                    written.add(permission.getKey());
                }
            });
            writes.put(job.getKey(), written);
        });
        assertThat(writes)
                .isEqualTo(Map.of(
                        "check", Set.of(),
                        "verify", Set.of(),
                        "image", Set.of(),
                        "push-image", Set.of("attestations", "id-token", "packages"),
                        "push-chart", Set.of("id-token", "packages"),
                        "publish", Set.of("attestations", "contents", "id-token")));
    }

    /** A cache can be written by another run; a release takes nothing from one. */
    @Test
    void aReleaseUsesNoCache() {
        assertThat(allSteps("release")).allSatisfy(step -> {
            assertThat(step.path("uses").asText()).doesNotStartWith("actions/cache@");
            assertThat(step.at("/with/cache").asText("false")).isEqualTo("false");
        });
        assertThat(allSteps("release").filter(step -> step.path("uses").asText().startsWith("actions/setup-go@")))
                .isNotEmpty()
                .allMatch(step -> step.at("/with/cache").isBoolean());
    }

    @Test
    void aReleaseIsMadeOfATagAndPassesTheGateBeforeAnythingIsPushed() {
        ObjectNode release = workflow("release");

        assertThat(release.at("/true/push")).isEqualTo(Json.parse("{\"tags\":[\"v*\"]}"));
        assertThat(steps(release))
                .anySatisfy(step -> assertThat(step.path("run").asText()).isEqualTo(".ci/run -Prelease"));
        assertThat(Checkout.read("pom.xml")).contains("<id>release</id>");
        assertThat(needs(release, "push-image")).contains("check", "verify", "image");
        assertThat(needs(release, "push-chart")).contains("push-image");
        assertThat(needs(release, "publish")).contains("verify", "push-image", "push-chart");
    }

    @Test
    void goIsTheOneOfTheModuleThatIsBuilt() {
        assertThat(allSteps("release")
                        .map(step -> step.at("/with/go-version-file").asText())
                        .filter(file -> !file.isEmpty()))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(Checkout.ROOT.resolve(file)).exists());
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

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.ROOT.resolve(FOLDER))) {
            return files.map(file -> file.getFileName().toString().replace(".yml", ""))
                    .sorted()
                    .toList();
        }
    }

    private static String text(String name) {
        return Checkout.read(FOLDER + "/" + name + ".yml");
    }

    private static ObjectNode workflow(String name) {
        return Manifests.parse(text(name)).objects().get(0);
    }

    private static List<ObjectNode> steps(ObjectNode workflow) {
        return Json.objects(workflow.at("/jobs/verify"), "steps").toList();
    }

    private static Stream<ObjectNode> allSteps(String name) {
        return workflow(name).path("jobs").valueStream().flatMap(job -> Json.objects(job, "steps"));
    }

    private static List<String> scripts(String name) {
        return allSteps(name)
                .filter(step -> step.has("run"))
                .map(step -> step.path("run").asText())
                .toList();
    }

    private static Stream<String> needs(ObjectNode workflow, String job) {
        return workflow.path("jobs").path(job).path("needs").valueStream().map(JsonNode::asText);
    }

    private ObjectNode action(String name) {
        return steps.stream()
                .filter(step -> step.path("uses").asText().startsWith(name + "@"))
                .findFirst()
                .orElseThrow();
    }
}

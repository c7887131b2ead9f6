package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.validation.PolicyValidator;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Crds;
import io.sidecaroperator.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
    private static final Path INJECTED = Checkout.ROOT.resolve("src/test/resources/examples");

    static List<Example> examples() {
        return Example.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("an example has a policy, an app and a README that names every file")
    void complete(Example example) {
        assertThat(example.files()).contains("policy.yaml", "app.yaml", "README.md");
        assertThat(example.manifests())
                .allSatisfy(file -> assertThat(example.read("README.md")).contains("`" + file + "`"));
        assertThat(example.read("README.md")).contains("**Checked:**");
    }

    @Test
    @DisplayName("the overview names every example, and each folder that it names is an example")
    void overview() {
        String overview = Checkout.read("examples/README.md");
        List<String> named = overview.lines()
                .filter(line -> line.startsWith("| ["))
                .map(line -> line.substring(3, line.indexOf(']')))
                .toList();
        assertThat(named).containsExactlyInAnyOrderElementsOf(names());
    }

    private static List<String> names() {
        return Stream.concat(examples().stream().map(Example::name), Stream.of(Example.REPOSITORY))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("an example uses only its own namespace, which enforces a Pod Security level")
    void ownNamespace(Example example) {
        String namespace = Json.textAt(example.namespace().get("metadata"), "name");
        assertThat(example.objects())
                .filteredOn(object -> !object.equals(example.namespace()) && !example.isForTheCluster(object))
                .allSatisfy(object -> assertThat(Json.textAt(object.get("metadata"), "namespace"))
                        .isEqualTo(namespace));
        String level =
                Json.strings(example.namespace().get("metadata"), "labels").get("pod-security.kubernetes.io/enforce");
        assertThat(level).isEqualTo(example.name().equals("log-collector") ? "baseline" : "restricted");
        assertThat(example.read("README.md")).contains("`" + level + "`");
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("the validator has no findings in the policy")
    void validates(Example example) {
        assertThat(new PolicyValidator(Crds.all()).validate(example.policy())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName(
            "the complete policy is injected into every app, only with the expected notes, and the result is in sync")
    void injects(Example example) {
        assertThat(Injected.all(example)).isNotEmpty().allSatisfy(injected -> {
            assertThat(injected.injection().outcomes()).singleElement().satisfies(outcome -> {
                assertThat(outcome.decision()).isEqualTo(new Decision.Inject());
                assertThat(outcome.notes()).extracting(Note::reason).isSubsetOf(Reason.Overridden, Reason.LeftToPods);
            });
            Injected again = Injected.again(example, injected);
            assertThat(Json.text(again.object())).isEqualTo(Json.text(injected.object()));
            assertThat(Engine.CURRENT.inSync(again.injection())).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("the policy does not select a workload beside the app")
    void leavesOthersAlone(Example example) {
        List<ObjectNode> apps = example.apps();
        assertThat(example.objects())
                .filteredOn(object -> WorkloadKind.of(object).isPresent() && !apps.contains(object))
                .allSatisfy(other ->
                        assertThat(Injected.of(example, other).object()).isEqualTo(other));
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("without the policy the app equals its file, byte for byte")
    void strips(Example example) {
        assertThat(Injected.all(example)).allSatisfy(injected -> {
            WorkloadKind kind = WorkloadKind.of(injected.original()).orElseThrow();
            ObjectNode stripped = Engine.strip(injected.injection().template()).template();
            assertThat(Json.text(stripped))
                    .isEqualTo(Json.text(kind.templateOf(injected.original()).orElseThrow()));
        });
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("every sidecar and app container has a fixed version and limits")
    void pinned(Example example) {
        for (Injected injected : Injected.all(example)) {
            ObjectNode spec = Json.objectAt(injected.injection().template(), "spec");
            List<ObjectNode> containers = Stream.of("initContainers", "containers")
                    .flatMap(list -> Json.objects(spec, list))
                    .toList();
            assertThat(containers)
                    .allSatisfy(container -> assertThat(Json.textAt(container, "image"))
                            .matches(".+:v?[0-9]+\\.[0-9].*|.+:[a-z]+-v[0-9]+\\.[0-9]+\\.[0-9]+"));
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("the injected app is as committed: review the difference, then run with -Dexamples.update")
    void asCommitted(Example example) throws IOException {
        Path file = INJECTED.resolve(example.name() + ".yaml");
        String actual = Injected.all(example).stream()
                .map(injected -> YamlWriter.write(injected.object()))
                .collect(Collectors.joining("---\n"));
        if (System.getProperty("examples.update") != null) {
            Files.createDirectories(INJECTED);
            Files.writeString(file, actual);
        }
        assertThat(file)
                .as("the fix, when the difference is wanted: mvn test -Dtest=ExamplesTest -Dexamples.update")
                .hasContent(actual);
    }

    @Test
    @DisplayName("every committed result has its example")
    void noStaleResults() throws IOException {
        try (Stream<Path> files = Files.list(INJECTED)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(names());
        }
    }
}

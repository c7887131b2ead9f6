package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.operator.app.OperatorProcess;
import io.sidecaroperator.operator.app.Settings;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example as its README says: applied with kubectl, in a cluster in which the operator runs. */
class ExamplesIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static OperatorProcess operator;

    @BeforeAll
    static void start() throws Exception {
        Installation installation = Installation.install(CLUSTER);
        Settings settings = Settings.of(
                new Settings.Given(null, List.of(), "127.0.0.1", "0", null, "0", List.of(), null),
                Map.of("POD_NAMESPACE", installation.namespace()),
                Optional.empty());
        operator = new OperatorProcess(settings, Config.fromKubeconfig(installation.operatorKubeconfig()));
        operator.start();
    }

    @AfterAll
    static void stop() {
        operator.stop();
    }

    static List<Example> examples() {
        return Example.all();
    }

    @ParameterizedTest
    @MethodSource("examples")
    @DisplayName("an example is accepted as it is, its apps roll out with the sidecar, and get their templates back")
    void appliedAndRemoved(Example example) {
        try {
            claimsAreServed(example);
            assertThat(apply(example, example.manifests()).err()).isEmpty();
            ObjectNode policy = example.policy();
            assertThat(live(policy.path("kind").asText(), policy).get("spec")).isEqualTo(policy.get("spec"));

            for (ObjectNode app : deployments(example)) {
                JsonNode wanted = asStored(Injected.of(example, app).object());
                soon().untilAsserted(() -> assertThat(withoutDefaultGracePeriod(
                                live("deployment", app).at("/spec/template")))
                        .isEqualTo(withoutDefaultGracePeriod(wanted)));
                assertThat(rollout(app).exitCode()).isZero();
                assertThat(sidecarsOfPods(example, app)).contains(name(example.sidecar()));
            }

            kubectl("delete", "-f", file(example, "policy.yaml"), "--timeout=240s")
                    .ok();

            for (ObjectNode app : deployments(example)) {
                assertThat(live("deployment", app).at("/spec/template")).isEqualTo(asStored(app));
            }
        } finally {
            remove(example);
        }
    }

    @Test
    @DisplayName("the bare Pod of the log collector gets the sidecar when it is created, and runs")
    void barePod() {
        Example example = Example.named("log-collector");
        ObjectNode pod = example.objects("pod.yaml").get(0);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> CLUSTER.find("namespace", "", namespace(pod)).isEmpty());
        try {
            apply(example, List.of("app.yaml", "policy.yaml")).ok();
            soon().until(() -> live("sidecarpolicy", example.policy())
                            .at("/status/observedGeneration")
                            .asLong()
                    == 1);

            apply(example, List.of("pod.yaml")).ok();

            JsonNode created = live("pod", pod);
            assertThat(created.at("/spec/initContainers/0/name").asText()).isEqualTo("log-collector");
            assertThat(created.at("/spec/initContainers/0/restartPolicy").asText())
                    .isEqualTo("Always");
            soon().until(() -> live("pod", pod).at("/status/phase").asText().equals("Running"));
        } finally {
            remove(example);
        }
    }

    private static List<ObjectNode> deployments(Example example) {
        return example.apps().stream()
                .filter(app -> "Deployment".equals(Json.textAt(app, "kind")))
                .toList();
    }

    /**
     * Returns the pod template that the API server would store, with its defaults. A dry run with another name gives
     * it.
     */
    private static JsonNode asStored(ObjectNode app) {
        ObjectNode other = app.deepCopy();
        ((ObjectNode) other.get("metadata")).put("name", name(app) + "-asked");
        Program.Result stored = CLUSTER.kubectl(
                Json.text(other), "create", "--dry-run=server", "--validate=strict", "-o", "json", "-f", "-");
        assertThat(stored.ok().err().lines())
                .as("warnings are only about what the policy adds")
                .allMatch(line -> line.startsWith("Warning: sidecar policy ") && line.contains(" adds "));
        return Json.parse(stored.out()).at("/spec/template");
    }

    /**
     * The grace period may have been the server's default, in no file, when the sidecar came. The receipt then records
     * it.
     */
    private static JsonNode withoutDefaultGracePeriod(JsonNode template) {
        return Json.parse(Json.text(template).replace(",\\\"was\\\":30", ""));
    }

    /** Binds the claims: they need volumes, and this cluster does not create any. */
    private static void claimsAreServed(Example example) {
        for (ObjectNode claim : example.objects()) {
            if ("PersistentVolumeClaim".equals(Json.textAt(claim, "kind"))) {
                ObjectNode volume = Json.object().put("apiVersion", "v1").put("kind", "PersistentVolume");
                volume.putObject("metadata")
                        .put("name", name(claim))
                        .putObject("labels")
                        .put("for", namespace(claim));
                ObjectNode spec = volume.putObject("spec");
                spec.putObject("capacity").put("storage", "1Gi");
                spec.putArray("accessModes").add("ReadWriteOnce");
                spec.putObject("hostPath").put("path", "/var/lib/" + name(claim));
                spec.putObject("claimRef").put("namespace", namespace(claim)).put("name", name(claim));
                CLUSTER.kubectl(Json.text(volume), "apply", "-f", "-").ok();
            }
        }
    }

    private static void remove(Example example) {
        String namespace = name(example.namespace());
        kubectl("delete", "-f", folder(example), "--ignore-not-found", "--wait=false");
        kubectl("delete", "persistentvolumes", "-l", "for=" + namespace, "--wait=false");
    }

    private static Program.Result apply(Example example, List<String> files) {
        List<String> command = new ArrayList<>(List.of("apply", "--validate=strict"));
        files.forEach(file -> command.addAll(List.of("-f", file(example, file))));
        Program.Result result = kubectl(command.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    private static Program.Result rollout(ObjectNode app) {
        return kubectl("rollout", "status", "deployment/" + name(app), "-n", namespace(app), "--timeout=240s");
    }

    private static List<String> sidecarsOfPods(Example example, ObjectNode app) {
        String label = "app=" + app.at("/spec/selector/matchLabels/app").asText();
        String pods = kubectl(
                        "get",
                        "pods",
                        "-n",
                        namespace(app),
                        "-l",
                        label,
                        "-o",
                        "jsonpath={range .items[*]}{.spec.initContainers[*].name}{'\\n'}{end}")
                .ok()
                .out();
        assertThat(pods).as(example.name()).isNotBlank();
        return pods.lines().distinct().toList();
    }

    private static JsonNode live(String type, ObjectNode object) {
        String namespace = namespace(object).isEmpty() ? "default" : namespace(object);
        return CLUSTER.get(type, namespace, name(object));
    }

    private static Program.Result kubectl(String... arguments) {
        return CLUSTER.kubectl("", arguments);
    }

    private static String folder(Example example) {
        return Checkout.ROOT.resolve(Path.of("examples", example.name())).toString();
    }

    private static String file(Example example, String file) {
        return folder(example) + "/" + file;
    }

    private static String name(ObjectNode object) {
        return object.has("metadata")
                ? object.at("/metadata/name").asText()
                : object.path("name").asText();
    }

    private static String namespace(ObjectNode object) {
        return object.at("/metadata/namespace").asText();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(3));
    }
}

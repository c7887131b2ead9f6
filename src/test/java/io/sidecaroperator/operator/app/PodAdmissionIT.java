package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which pods get their sidecar at creation, on the real API server, from the real process. */
class PodAdmissionIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final Duration SOON = Duration.ofMinutes(3);

    @SuppressWarnings("NullAway.Init")
    private static Installation installation;

    private static @Nullable OperatorRun operator;

    private static final String POLICY = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: logs}
            spec:
              selector: {matchLabels: {logs: collected}}
              sharedVolumes:
              - {name: app-logs, mountPath: /var/log/app, envVar: LOG_DIR, emptyDir: {sizeLimit: 1Gi}}
              sidecars:
              - {name: log-collector, image: fluent/fluent-bit:4.2.0}
            """;

    private static final String POD_SPEC = "{containers: [{name: app, image: example.org/app:1}]}";

    @BeforeAll
    static void startOperator() throws IOException {
        installation = Installation.install(CLUSTER);
        operator = OperatorRun.start(installation).ready();
    }

    @AfterAll
    static void stopOperator() {
        if (operator != null) {
            operator.close();
        }
        CLUSTER.kubectl("", "delete", "mutatingwebhookconfiguration", "sidecar-operator", "--ignore-not-found")
                .ok();
    }

    @Test
    void aBarePodGetsTheSidecarAndItsCreatorIsTold() {
        String namespace = namespaceWithPolicy(Map.of());

        Program.Result created = create(namespace, pod("bare", "logs: collected"));

        assertThat(created.err()).contains("Warning: sidecar policy " + namespace + "/logs adds log-collector");
        JsonNode pod = get(namespace, "pod", "bare");
        assertThat(sidecars(pod)).containsExactly("log-collector");
        assertThat(pod.at("/spec/initContainers/0/restartPolicy").asText()).isEqualTo("Always");
        assertThat(pod.at("/spec/initContainers/0/volumeMounts/1/name").asText())
                .as("the API server gives the sidecar its token too")
                .startsWith("kube-api-access-");
        ObjectNode app = Json.named(pod.path("spec"), "containers", "app").orElseThrow();
        assertThat(Json.named(app, "env", "LOG_DIR").orElseThrow().path("value").asText())
                .isEqualTo("/var/log/app");
        assertThat(receipt(pod)).isNotEmpty();
    }

    @Test
    void podsOfOwnersThatNobodyReconcilesGetTheSidecar() {
        String namespace = namespaceWithPolicy(Map.of());

        create(namespace, """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: job}
                spec:
                  template:
                    metadata: {labels: {logs: collected, from: job}}
                    spec: {restartPolicy: Never, containers: [{name: app, image: example.org/app:1}]}
                ---
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: set}
                spec:
                  serviceName: set
                  selector: {matchLabels: {from: set}}
                  template:
                    metadata: {labels: {logs: collected, from: set}}
                    spec: %1$s
                ---
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata: {name: by-hand}
                spec:
                  selector: {matchLabels: {from: by-hand}}
                  template:
                    metadata: {labels: {logs: collected, from: by-hand}}
                    spec: %1$s
                """.formatted(POD_SPEC));

        for (String owner : List.of("job", "set", "by-hand")) {
            JsonNode pod = await().atMost(SOON)
                    .until(() -> podsFrom(namespace, owner), pods -> !pods.isEmpty())
                    .get(0);
            assertThat(sidecars(pod)).as(owner).containsExactly("log-collector");
        }
    }

    @Test
    void aDeploymentsPodsAreWhatItsTemplateSays() {
        String namespace = namespaceWithPolicy(Map.of());

        create(namespace, """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec:
                  replicas: 1
                  selector: {matchLabels: {from: web}}
                  template:
                    metadata: {labels: {logs: collected, from: web}}
                    spec: %s
                """.formatted(POD_SPEC));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(CLUSTER.kubectl(
                                        "",
                                        "--namespace",
                                        namespace,
                                        "rollout",
                                        "status",
                                        "deployment/web",
                                        "--timeout=1s")
                                .exitCode())
                        .isZero());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(podsFrom(namespace, "web"))
                        .singleElement()
                        .satisfies(pod -> {
                            assertThat(sidecars(pod)).containsExactly("log-collector");
                            assertThat(receipt(pod))
                                    .isEqualTo(receipt(
                                            get(namespace, "deployment", "web").at("/spec/template")));
                        }));
    }

    @Test
    void whatATemplateOrAReceiptDecidedIsLeftAlone() {
        String namespace = namespaceWithPolicy(Map.of());
        String byTemplate = pod("by-template", "logs: collected, pod-template-hash: 5f4")
                .replace(
                        "spec:",
                        "  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-5f4,"
                                + " uid: 6f1d6f6e-0000-4000-8000-000000000000, controller: true}]\nspec:");
        String byReceipt = pod("by-receipt", "logs: collected")
                .replace("spec:", "  annotations: {sidecar-operator.io/receipt: '{}'}\nspec:");

        assertThat(sidecars(created(namespace, byTemplate))).isEmpty();
        assertThat(sidecars(created(namespace, byReceipt))).isEmpty();
        assertThat(sidecars(
                        created(namespace, pod("opted-out", "logs: collected, sidecar-operator.io/inject: 'false'"))))
                .isEmpty();
        assertThat(sidecars(created(namespace, pod("not-selected", "logs: kept"))))
                .isEmpty();
        assertThat(sidecars(created(namespace, pod("selected", "logs: collected"))))
                .containsExactly("log-collector");
    }

    @Test
    void anOptedOutNamespaceIsLeftAlone() {
        String namespace = namespaceWithPolicy(Map.of("sidecar-operator.io/inject", "false"));

        create(namespace, pod("bare", "logs: collected"));

        assertThat(sidecars(get(namespace, "pod", "bare"))).isEmpty();
    }

    @Test
    void aRefusalIsToldAndThePodIsCreatedAsItIs() {
        String namespace = namespaceWithPolicy(Map.of());

        Program.Result created =
                create(namespace, pod("taken", "logs: collected").replace("name: app", "name: log-collector"));

        assertThat(created.err())
                .contains("Warning: sidecar policy " + namespace + "/logs is not injected: ContainerNameTaken")
                .contains("rename one of the two");
        assertThat(sidecars(get(namespace, "pod", "taken"))).isEmpty();
    }

    @Test
    void aDryRunShowsWhatWouldBeCreated() {
        String namespace = namespaceWithPolicy(Map.of());
        String manifest = pod("bare", "logs: collected");

        JsonNode shown = Json.parse(CLUSTER.kubectl(
                        manifest, "--namespace", namespace, "create", "--dry-run=server", "-o", "json", "-f", "-")
                .ok()
                .out());
        create(namespace, manifest);

        JsonNode created = get(namespace, "pod", "bare");
        assertThat(names(shown, "initContainers")).isEqualTo(names(created, "initContainers"));
        assertThat(receipt(shown)).isEqualTo(receipt(created));
    }

    @Test
    void countsWhatItAnswers() throws Exception {
        String namespace = namespaceWithPolicy(Map.of());
        create(namespace, pod("bare", "logs: collected"));

        assertThat(Objects.requireNonNull(operator).get("/metrics").body())
                .containsPattern(
                        "sidecar_operator_admission_requests_total\\{outcome=\"patched\",reason=\"Injected\"} \\d")
                .contains("sidecar_operator_admission_duration_seconds_bucket")
                .contains("reconciliations_");
        assertThat(Objects.requireNonNull(operator).get("/readyz").body()).isEqualTo("ok\n");
        assertThat(Objects.requireNonNull(operator).get("/livez").body()).isEqualTo("ok\n");
    }

    @Test
    void theOperatorUsesNoOtherVerbOnTheWebhookConfiguration() {
        Set<String> verbs = new HashSet<>();
        for (JsonNode event : CLUSTER.audit(0, installation.user())) {
            if (event.at("/objectRef/resource").asText().equals("mutatingwebhookconfigurations")) {
                verbs.add(event.path("verb").asText());
            }
        }
        assertThat(verbs).contains("get").isSubsetOf("get", "create", "update");
    }

    /** Returns a new namespace whose policy the operator knows. */
    private static String namespaceWithPolicy(Map<String, String> labels) {
        String namespace = CLUSTER.namespace("admission", labels);
        CLUSTER.kubectl(POLICY, "--namespace", namespace, "apply", "-f", "-").ok();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(get(namespace, "sidecarpolicy", "logs")
                                .at("/status/observedGeneration")
                                .asInt())
                        .isEqualTo(1));
        return namespace;
    }

    private static Program.Result create(String namespace, String manifest) {
        return CLUSTER.kubectl(manifest, "--namespace", namespace, "create", "-f", "-")
                .ok();
    }

    /** Creates an object and returns it as the API server stored it. */
    private static JsonNode created(String namespace, String manifest) {
        return Json.parse(CLUSTER.kubectl(manifest, "--namespace", namespace, "create", "-o", "json", "-f", "-")
                .ok()
                .out());
    }

    private static JsonNode get(String namespace, String kind, String name) {
        return CLUSTER.get(kind, namespace, name);
    }

    private static List<JsonNode> podsFrom(String namespace, String owner) {
        return CLUSTER.list("pod", namespace, "labelSelector=from=" + owner);
    }

    private static String pod(String name, String labels) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: %s
                  labels: {%s}
                spec: %s
                """.formatted(name, labels, POD_SPEC);
    }

    private static List<String> sidecars(JsonNode pod) {
        return names(pod, "initContainers");
    }

    private static List<String> names(JsonNode pod, String list) {
        return Json.objects(pod.path("spec"), list)
                .map(container -> container.path("name").asText())
                .toList();
    }

    private static String receipt(JsonNode podOrTemplate) {
        return podOrTemplate
                .at("/metadata/annotations")
                .path(Receipt.ANNOTATION)
                .asText();
    }
}

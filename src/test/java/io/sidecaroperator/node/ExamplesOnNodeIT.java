package io.sidecaroperator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.examples.Example;
import io.sidecaroperator.examples.ExampleImages;
import io.sidecaroperator.examples.TestAuthority;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The examples on a real node, with the operator from its chart and in its image. All whose images are to be had are
 * applied at the same time, but for logs-opentelemetry, which has {@link LogCollectorIT}. Each becomes Ready with its
 * sidecar running, and does once what it is for. It runs with {@code -Pexhaustive}.
 */
class ExamplesOnNodeIT {
    private static final String TESTED_ELSEWHERE = "logs-opentelemetry";

    /** The namespace of the example that kustomize builds. */
    private static final String GITOPS = "shop-gitops";

    /** An external service, for the example that calls one. */
    private static final String PARCELS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: parcels}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: parcels, namespace: parcels}
            spec:
              selector: {app: parcels}
              ports: [{port: 80, targetPort: 5678}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: parcels, namespace: parcels, labels: {app: parcels}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - {name: parcels, image: 'hashicorp/http-echo:1.0.0', args: ['-listen=:5678', '-text=two parcels']}
            """;

    private static final TestAuthority AUTHORITY = TestAuthority.create("company");

    private static TestCluster node;
    private static List<Example> applied = List.of();

    @BeforeAll
    static void applyAll() {
        Assumptions.assumeTrue(
                RandomRuns.exhaustive(), "ten examples at once take a node for two minutes: -Pexhaustive");
        node = InstalledOperator.cluster();
        Map<String, Path> images = ExampleImages.make();
        applied = Example.all().stream()
                .filter(example -> !example.name().equals(TESTED_ELSEWHERE))
                .filter(example -> images.keySet().containsAll(ExampleImages.of(example)))
                .toList();
        images.values().forEach(node::load);
        prepare();
        List<String> apply = new ArrayList<>(List.of("apply"));
        for (Example example : applied) {
            for (String manifest : example.manifests()) {
                if (!needsChange(example, manifest)) {
                    apply.addAll(
                            List.of("-f", example.folder().resolve(manifest).toString()));
                }
            }
        }
        node.kubectl("", apply.toArray(String[]::new)).ok();
    }

    /** With their namespaces: after its policy alone an example would be rolled out once more. Nobody waits for their ends. */
    @AfterAll
    static void deleteAll() {
        if (!applied.isEmpty()) {
            List<String> delete = new ArrayList<>(List.of("delete", "--wait=false", "namespace", "parcels", GITOPS));
            applied.forEach(example -> delete.add(namespace(example)));
            node.kubectl("", delete.toArray(String[]::new)).ok();
            node.kubectl("", "delete", "--wait=false", "-f", "examples/fleet-metrics/policy.yaml")
                    .ok();
        }
    }

    @Test
    @DisplayName("gitops-without-operator: what kustomize builds runs, beside an operator with the same policy")
    void gitOps() {
        await().untilAsserted(() -> assertRuns(GITOPS, "web", Set.of("statsd-exporter"), Set.of()));

        assertMetrics(GITOPS, "deployment/web", 9102, "\nbeats ");
    }

    @Test
    @DisplayName("api-ambassador: the app gets the external service's answer by plain HTTP on its loopback")
    void apiAmbassador() {
        awaitRunning("api-ambassador");

        await().untilAsserted(() -> assertThat(logs("example-api-ambassador", "deployment/shipping", "shipping"))
                .contains("two parcels"));
    }

    @Test
    @DisplayName("api-gateway: the Service answers through Envoy")
    void apiGateway() {
        awaitRunning("api-gateway");

        try (Forward orders = Forward.to(node, "example-api-gateway", "service/orders", 80)) {
            assertThat(orders.get("/")).isEqualTo("hello from orders\n");
        }
        await().untilAsserted(
                        () -> assertThat(logs("example-api-gateway", "deployment/orders", "gateway", "--all-pods"))
                                .contains("\"path\":\"/\""));
    }

    @Test
    @DisplayName("auth-proxy: only who shows a certificate of the authority reaches the app")
    void authProxy() throws IOException {
        awaitRunning("auth-proxy");

        HttpClient alice = HttpClient.newBuilder()
                .sslContext(AUTHORITY.trust(AUTHORITY.issue("alice")))
                .build();
        HttpClient nobody =
                HttpClient.newBuilder().sslContext(AUTHORITY.trust()).build();
        try (Forward payroll = Forward.to(node, "example-auth-proxy", "service/payroll", 443)) {
            assertThat(payroll.get(alice, "https", "/")).isEqualTo("hello from payroll\n");
            assertThatThrownBy(() -> payroll.get(nobody, "https", "/")).isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("careful-rollout: the canary and then all others run the sidecar, and the policy says so")
    void carefulRollout() {
        awaitRunning("careful-rollout");

        await().untilAsserted(() -> {
            ObjectNode policy = node.get("sidecarpolicy", "example-careful-rollout", "metrics");
            assertThat(policy.at("/status/conditions"))
                    .anyMatch(condition -> "Ready".equals(Json.textAt(condition, "type"))
                            && "True".equals(Json.textAt(condition, "status")));
        });
        assertMetrics("example-careful-rollout", "deployment/search", 9102, "\nsearch_requests ");
    }

    @Test
    @DisplayName("data-sync: what the app writes into its claim comes into the other")
    void dataSync() {
        awaitRunning("data-sync");

        await().untilAsserted(() -> assertThat(node.kubectl(
                                "",
                                "exec",
                                "--namespace=example-data-sync",
                                "deployment/reports",
                                "--container=data-sync",
                                "--",
                                "ls",
                                "/copy")
                        .ok()
                        .out())
                .matches("(?s).*\\d{8}T\\d{6}Z\\.txt\n.*"));
    }

    @Test
    @DisplayName(
            "fleet-metrics: the adapter serves the app's metrics, and the CronJob's Jobs end though the sidecar would not")
    void fleetMetrics() {
        String namespace = "example-fleet-metrics";
        awaitRunning("fleet-metrics");
        node.kubectl("", "create", "job", "report-now", "--from=cronjob/report", "--namespace", namespace)
                .ok();

        assertMetrics(namespace, "deployment/shop", 9102, "\nshop_de_orders ");
        await().untilAsserted(() -> assertThat(node.get("job", namespace, "report-now")
                        .at("/status/succeeded")
                        .asInt())
                .as(() -> pods(namespace, "app=report"))
                .isEqualTo(1));
        assertThat(node.list("pod", namespace, "labelSelector=app=report"))
                .singleElement()
                .satisfies(pod -> assertThat(container(pod, "initContainerStatuses", "fleet-metrics")
                                .at("/state")
                                .has("terminated"))
                        .isTrue());
    }

    @Test
    @DisplayName("init-ca-bundle: the app trusts one authority more than those of its image")
    void caBundle() {
        String namespace = "example-init-ca-bundle";
        awaitRunning("init-ca-bundle");

        String image = node.kubectl(
                        "",
                        "exec",
                        "--namespace",
                        namespace,
                        "deployment/billing",
                        "--",
                        "grep",
                        "-c",
                        "BEGIN CERTIFICATE",
                        "/etc/ssl/certs/ca-certificates.crt")
                .ok()
                .out()
                .strip();
        assertThat(logs(namespace, "deployment/billing", "billing"))
                .isEqualTo("trusting " + (Integer.parseInt(image) + 1) + " authorities\n");
    }

    @Test
    @DisplayName("metrics-adapter: what the app pushes is served with labels")
    void metricsAdapter() {
        awaitRunning("metrics-adapter");

        assertMetrics(
                "example-metrics-adapter",
                "deployment/shop",
                9102,
                "\nshop_orders_total{country=\"de\"} ",
                "\nshop_checkout_seconds_count{country=\"de\"} ");
    }

    @Test
    @DisplayName("metrics-exporter: nginx's own numbers are served")
    void metricsExporter() {
        awaitRunning("metrics-exporter");

        assertMetrics(
                "example-metrics-exporter",
                "deployment/static",
                9113,
                "\nnginx_up 1\n",
                "\nnginx_http_requests_total ");
    }

    @Test
    @DisplayName("each example whose images are to be had is tested here")
    void all() {
        Set<String> tested = Stream.of(ExamplesOnNodeIT.class.getDeclaredMethods())
                .flatMap(method -> Stream.ofNullable(method.getAnnotation(DisplayName.class)))
                .map(name -> name.value().replaceFirst(":.*", ""))
                .collect(Collectors.toSet());
        assertThat(tested).containsAll(applied.stream().map(Example::name).toList());
    }

    // --- The examples

    /** What the examples' READMEs ask a user for. */
    private static void prepare() {
        TestAuthority.Identity payroll = AUTHORITY.issue("localhost");
        ObjectNode secret = Json.object().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", "auth-proxy-tls").put("namespace", "example-auth-proxy");
        secret.putObject("stringData")
                .put("tls.crt", payroll.certificatePem())
                .put("tls.key", payroll.keyPem())
                .put("ca.crt", AUTHORITY.certificatePem());
        Example ambassador = Example.named("api-ambassador");
        String policy = ambassador.read("policy.yaml");
        assertThat(policy).contains("https://parcels.example.com");
        apply(String.join(
                "\n---\n",
                // Without the policy in the cluster the operator would take out what kustomize has put in.
                gitOps("base/namespace.yaml"),
                gitOps("policy/policy.yaml"),
                PARCELS,
                volume("reports"),
                volume("reports-copy"),
                Example.named("auth-proxy").read("app.yaml"),
                Json.text(secret),
                ambassador.read("app.yaml"),
                policy.replace("https://parcels.example.com", "http://parcels.parcels"),
                // What kustomize makes of it, as its own test holds it.
                Checkout.read("src/test/resources/examples/" + Example.REPOSITORY + ".yaml")));
    }

    private static String gitOps(String file) {
        return Checkout.read("examples/" + Example.REPOSITORY + "/" + file);
    }

    private static boolean needsChange(Example example, String manifest) {
        return example.name().equals("api-ambassador") && manifest.equals("policy.yaml");
    }

    /** The node has no storage class: a directory of this machine for a claim. Unlike a host path it gets the pod's group. */
    private static String volume(String claim) {
        Path target = Checkout.ROOT.resolve("target");
        try {
            ObjectNode volume = Json.object().put("apiVersion", "v1").put("kind", "PersistentVolume");
            volume.putObject("metadata").put("name", claim);
            ObjectNode spec = volume.putObject("spec").put("persistentVolumeReclaimPolicy", "Retain");
            spec.putArray("accessModes").add("ReadWriteOnce");
            spec.putObject("capacity").put("storage", "1Gi");
            spec.putObject("claimRef").put("namespace", "example-data-sync").put("name", claim);
            spec.putObject("local")
                    .put("path", Files.createTempDirectory(target, claim).toString());
            spec.putObject("nodeAffinity")
                    .putObject("required")
                    .putArray("nodeSelectorTerms")
                    .addObject()
                    .putArray("matchExpressions")
                    .addObject()
                    .put("key", "kubernetes.io/hostname")
                    .put("operator", "Exists");
            return Json.text(volume);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void apply(String text) {
        node.kubectl(text, "apply", "-f", "-").ok();
    }

    private static String namespace(Example example) {
        return String.valueOf(Json.textAt(example.namespace().get("metadata"), "name"));
    }

    // --- What is seen

    /** Waits until all pods of an example run with its sidecars. Skips the test where its images are not to be had. */
    private static void awaitRunning(String name) {
        Example example = Example.named(name);
        Assumptions.assumeTrue(applied.contains(example), () -> "no images of " + ExampleImages.of(example));
        String namespace = namespace(example);
        List<JsonNode> sidecars = List.copyOf(
                Json.objects(example.policy().get("spec"), "sidecars").toList());
        Set<String> init = names(sidecars, true);
        Set<String> running = names(sidecars, false);
        List<ObjectNode> deployments = new Manifests(example.apps()).all("Deployment");
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> deployments.forEach(deployment ->
                        assertRuns(namespace, deployment.at("/metadata/name").asText(), running, init)));
    }

    private static Set<String> names(List<JsonNode> sidecars, boolean init) {
        return sidecars.stream()
                .filter(sidecar -> init == "Init".equals(Json.textAt(sidecar, "type")))
                .map(sidecar -> Json.textAt(sidecar, "name"))
                .collect(Collectors.toSet());
    }

    /** All pods of the Deployment are of its present template, Ready, and have never restarted. */
    private static void assertRuns(String namespace, String name, Set<String> running, Set<String> init) {
        JsonNode deployment = node.get("deployment", namespace, name);
        JsonNode status = deployment.path("status");
        String selector = "app=" + name;
        int replicas = deployment.at("/spec/replicas").asInt();
        List<JsonNode> pods = node.list("pod", namespace, "labelSelector=" + selector).stream()
                .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                .toList();
        assertThat(List.of(
                        status.path("observedGeneration").asInt(),
                        status.path("updatedReplicas").asInt(),
                        status.path("readyReplicas").asInt(),
                        pods.size()))
                .as(() -> "generation, updated, ready, pods: " + pods(namespace, selector))
                .containsExactly(deployment.at("/metadata/generation").asInt(), replicas, replicas, replicas);
        for (JsonNode pod : pods) {
            for (String sidecar : running) {
                JsonNode container = container(pod, "initContainerStatuses", sidecar);
                assertThat(container.path("started").asBoolean()
                                && container.path("ready").asBoolean())
                        .as(container::toString)
                        .isTrue();
                assertThat(container.path("state").has("running")).isTrue();
            }
            for (String container : init) {
                assertThat(container(pod, "initContainerStatuses", container)
                                .at("/state/terminated/exitCode")
                                .asInt(-1))
                        .isZero();
            }
            Stream.of("initContainerStatuses", "containerStatuses")
                    .flatMap(list -> Json.objects(pod.path("status"), list))
                    .forEach(container -> assertThat(
                                    container.path("restartCount").asInt())
                            .as(container::toString)
                            .isZero());
        }
    }

    private static JsonNode container(JsonNode pod, String list, String name) {
        return Json.objects(pod.path("status"), list)
                .filter(container -> name.equals(Json.textAt(container, "name")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no container " + name + " in " + pod.path("status")));
    }

    /** Returns the states of pods, for the message of a failure. */
    private static String pods(String namespace, String selector) {
        return node.list("pod", namespace, "labelSelector=" + selector).stream()
                .map(pod -> pod.at("/metadata/name").asText() + " " + pod.path("status"))
                .collect(Collectors.joining("\n"));
    }

    private static String logs(String namespace, String target, String container, String... more) {
        List<String> logs =
                new ArrayList<>(List.of("logs", target, "--namespace", namespace, "--container", container));
        logs.addAll(List.of(more));
        return node.kubectl("", logs.toArray(String[]::new)).ok().out();
    }

    private static void assertMetrics(String namespace, String target, int port, String... expected) {
        try (Forward forward = Forward.to(node, namespace, target, port)) {
            await().untilAsserted(() -> assertThat(forward.get("/metrics")).contains(expected));
        }
    }
}

package io.sidecaroperator.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A sidecar that does not come to run, as a real kubelet tells it: it stops at one workload, which goes back. */
class FailingSidecarIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final List<String> APPS = List.of("web-1", "web-2", "web-3");

    private static final String APP = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: NAME, labels: {app: NAME}}
            spec:
              selector: {matchLabels: {app: NAME}}
              template:
                metadata: {labels: {app: NAME, helped: "true"}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: app, image: "busybox:1.37.0", command: [sleep, infinity]}]
            """;

    private static final String POLICY = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: helper}
            spec:
              selector: {matchLabels: {helped: "true"}}
              rollout: {progressDeadlineSeconds: 15}
              sidecars:
              - name: helper
            """;

    private static final String WELL = """
                image: "busybox:1.37.0"
                command: [sleep, infinity]
            """;

    private final TestCluster cluster = InstalledOperator.cluster();

    /** One after the other they would wait three times. */
    @Test
    void eachStopsAtOneWorkloadAndGoesBackWithItsReason() {
        List<CompletableFuture<Void>> all = Map.of(
                        "no-image", List.of("""
                                    image: "localhost/not-there:1"
                                """, "cannot be pulled|ImagePull|ErrImage"),
                        "exits", List.of("""
                                    image: "busybox:1.37.0"
                                    command: [sh, -c, "echo cannot read /etc/helper.yaml >&2; exit 3"]
                                    terminationMessagePolicy: FallbackToLogsOnError
                                    startupProbe: {exec: {command: ["true"]}, periodSeconds: 1}
                                """, "cannot read /etc/helper.yaml"),
                        "never-ready", List.of("""
                                    image: "busybox:1.37.0"
                                    command: [sleep, infinity]
                                    startupProbe: {exec: {command: ["false"]}, periodSeconds: 1, failureThreshold: 60}
                                """, "NotReady: it runs, but has not started up"))
                .entrySet()
                .stream()
                .map(kind -> CompletableFuture.runAsync(() -> stopsAndGoesBack(
                        kind.getKey(), kind.getValue().get(0), kind.getValue().get(1))))
                .toList();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .orTimeout(SOON.toSeconds() * 3, TimeUnit.SECONDS)
                .join();
    }

    private void stopsAndGoesBack(String kind, String bad, String reason) {
        String namespace = cluster.namespace(kind, Map.of());
        APPS.forEach(app -> apply(namespace, APP.replace("NAME", app)));
        apply(namespace, POLICY + WELL);
        awaitPolicy(namespace, "everybody has it", policy -> isTrue(policy, "Ready") && injected(policy) == 3);
        APPS.forEach(app -> rolledOut(namespace, app));
        Map<String, String> good = pods(namespace);

        apply(namespace, POLICY + bad);
        JsonNode stalled = awaitPolicy(namespace, "stalled", policy -> isTrue(policy, "Stalled"));

        assertThat(stalled.at("/status/failedRevision").asText()).isNotEmpty();
        assertThat(message(stalled, "Stalled")).contains("helper").containsPattern(reason);
        APPS.forEach(app -> rolledOut(namespace, app));
        awaitPolicy(
                namespace,
                "all are back",
                policy -> policy.at("/status/workloads/progressing").asInt() == 0);
        Map<String, String> back = pods(namespace);
        assertThat(back.entrySet())
                .as("pods of two workloads never changed")
                .filteredOn(pod -> good.containsKey(pod.getKey()))
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(back.values()).hasSize(3).allMatch(image -> image.equals("busybox:1.37.0"));
    }

    /** Returns the images of the helpers in pods that live, by pod. */
    private Map<String, String> pods(String namespace) {
        Map<String, String> images = new TreeMap<>();
        for (JsonNode pod : cluster.list("pod", namespace, "labelSelector=helped%3Dtrue")) {
            if (!pod.path("metadata").has("deletionTimestamp")) {
                Json.named(pod.path("spec"), "initContainers", "helper")
                        .ifPresent(helper -> images.put(
                                pod.at("/metadata/name").asText(),
                                helper.path("image").asText()));
            }
        }
        return images;
    }

    private void apply(String namespace, String manifest) {
        cluster.kubectl(manifest, "apply", "--namespace", namespace, "-f", "-").ok();
    }

    private void rolledOut(String namespace, String app) {
        cluster.kubectl("", "rollout", "status", "deployment/" + app, "--namespace", namespace, "--timeout=120s")
                .ok();
    }

    private JsonNode awaitPolicy(String namespace, String what, Predicate<JsonNode> expected) {
        return Awaitility.await(namespace + ": " + what)
                .atMost(SOON)
                .until(() -> cluster.get("sidecarpolicy", namespace, "helper"), expected::test);
    }

    private static int injected(JsonNode policy) {
        return policy.at("/status/workloads/injected").asInt();
    }

    private static boolean isTrue(JsonNode policy, String condition) {
        return condition(policy, condition).path("status").asText().equals("True");
    }

    private static String message(JsonNode policy, String condition) {
        return condition(policy, condition).path("message").asText();
    }

    private static JsonNode condition(JsonNode policy, String type) {
        return Json.objects(policy.path("status"), "conditions")
                .filter(condition -> condition.path("type").asText().equals(type))
                .<JsonNode>map(condition -> condition)
                .findFirst()
                .orElseGet(Json::object);
    }
}

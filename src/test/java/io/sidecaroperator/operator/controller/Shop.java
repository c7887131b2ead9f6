package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;

/** A namespace as its users see it: they have only kubectl. */
public final class Shop {
    private static final Duration SOON = Duration.ofMinutes(3);

    private final TestCluster cluster;
    private final String namespace;

    Shop(TestCluster cluster, String prefix) {
        this.cluster = cluster;
        this.namespace = cluster.namespace(prefix, Map.of());
    }

    String namespace() {
        return namespace;
    }

    /** A Deployment whose template has the label {@code logs: collected}. */
    static String deployment(String name) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s, logs: collected}}
                    spec:
                      containers:
                      - name: app
                        image: shop/web:1
                        env: [{name: MODE, value: live}]
                """.formatted(name);
    }

    /** A workload of any built-in kind that is reconciled. Its template has the label {@code logs: collected}. */
    static String workload(String kind, String name) {
        if (kind.equals("CronJob")) {
            return """
                    apiVersion: batch/v1
                    kind: CronJob
                    metadata: {name: %s}
                    spec:
                      schedule: "0 0 1 1 *"
                      jobTemplate:
                        spec:
                          template:
                            metadata: {labels: {logs: collected}}
                            spec:
                              restartPolicy: Never
                              containers:
                              - name: app
                                image: shop/web:1
                    """.formatted(name);
        }
        String deployment = deployment(name).replace("kind: Deployment", "kind: " + kind);
        return kind.equals("DaemonSet") ? deployment.replace("  replicas: 1\n", "") : deployment;
    }

    /** The log collector's policy with this image. */
    public static String policy(String name, String image) {
        return """
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: %s}
                spec:
                  selector: {matchLabels: {logs: collected}}
                  sharedVolumes:
                  - {name: app-logs, mountPath: /var/log/app, envVar: LOG_DIR, emptyDir: {sizeLimit: 1Gi}}
                  sidecars:
                  - name: log-collector
                    image: %s
                """.formatted(name, image);
    }

    void apply(String manifest) {
        cluster.kubectl(manifest, "apply", "--namespace", namespace, "-f", "-").ok();
    }

    /** One command for several objects. */
    void applyAll(String... manifests) {
        apply(String.join("---\n", manifests));
    }

    String kubectl(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--namespace", namespace));
        all.addAll(List.of(arguments));
        return cluster.kubectl("", all.toArray(String[]::new)).ok().out();
    }

    JsonNode get(String kind, String name) {
        return cluster.get(kind, namespace, name);
    }

    JsonNode template(String deployment) {
        return get("deployment", deployment).at("/spec/template");
    }

    JsonNode awaitDeployment(String name, Predicate<JsonNode> expected) {
        return await("deployment", name, expected);
    }

    /** Waits until an object is as expected; while it is replaced, such as a pod, it may be absent. */
    JsonNode await(String kind, String name, Predicate<JsonNode> expected) {
        return Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> cluster.find(kind, namespace, name),
                        found -> found.filter(expected).isPresent())
                .orElseThrow();
    }

    /** Waits until the Deployment's only pod runs. */
    JsonNode awaitRunning(String name) {
        return awaitDeployment(name, d -> d.at("/status/availableReplicas").asInt() == 1);
    }

    /** Waits until the Deployment's controller has observed the newest change. */
    JsonNode awaitObserved(String name) {
        return awaitDeployment(
                name,
                d -> d.at("/status/observedGeneration").asLong()
                        == d.at("/metadata/generation").asLong());
    }

    void awaitTemplate(String name, String template) {
        awaitDeployment(name, d -> Json.text(d.at("/spec/template")).equals(template));
    }

    void awaitEvent(String kind, String name, String start) {
        Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> events(kind, name), events -> events.stream().anyMatch(event -> event.startsWith(start)));
    }

    /** Waits until the policy's status has these counts, at its generation. */
    JsonNode awaitCounts(String policy, String counts) {
        JsonNode wanted = Json.parse(counts);
        return awaitPolicy(
                policy,
                found -> isObserved(found) && found.at("/status/workloads").equals(wanted));
    }

    JsonNode awaitPolicy(String name, Predicate<JsonNode> expected) {
        return Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> get("sidecarpolicy", name), expected);
    }

    /** Waits until the policy is Ready at its generation, and returns it. */
    JsonNode awaitReady(String policy) {
        return awaitPolicy(
                policy,
                found -> isObserved(found)
                        && "True"
                                .equals(condition(found, "Ready").path("status").asText()));
    }

    /** The same once it has been injected into this many workloads: before any workload is selected, it is Ready. */
    JsonNode awaitReady(String policy, int injected) {
        return awaitPolicy(
                policy,
                found -> isObserved(found)
                        && "True"
                                .equals(condition(found, "Ready").path("status").asText())
                        && found.at("/status/workloads/injected").asInt() == injected);
    }

    /** Returns the events about an object, by reason and note, oldest first. */
    List<String> events(String kind, String name) {
        String about = "fieldSelector=involvedObject.kind=" + kind + ",involvedObject.name=" + name
                + ",reportingComponent=sidecar-operator";
        return cluster.list("event", namespace, about).stream()
                .sorted(Comparator.comparing(
                        event -> event.at("/metadata/creationTimestamp").asText()))
                .map(event -> event.path("reason").asText() + " "
                        + event.path("message").asText())
                .toList();
    }

    static JsonNode condition(JsonNode policy, String type) {
        return StreamSupport.stream(policy.at("/status/conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(Json.object());
    }

    static boolean retains(JsonNode deployment, String container) {
        return deployment.at("/spec/template/metadata/annotations").has(Receipt.ANNOTATION)
                && Json.named(deployment.at("/spec/template/spec"), "initContainers", container)
                        .isPresent();
    }

    static boolean isPlain(JsonNode deployment) {
        return !deployment.at("/spec/template/metadata/annotations").has(Receipt.ANNOTATION);
    }

    private static boolean isObserved(JsonNode policy) {
        return policy.at("/status/observedGeneration").asLong(-1)
                == policy.at("/metadata/generation").asLong();
    }
}

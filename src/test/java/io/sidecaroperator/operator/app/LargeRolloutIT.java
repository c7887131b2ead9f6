package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.support.RolloutRecorder;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A policy over many Deployments ({@code -Pexhaustive}: hundreds), on a Friday: its first injection, then an edit. The
 * leader is killed in the middle of the edit.
 */
class LargeRolloutIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final int DEPLOYMENTS = RandomRuns.exhaustive() ? 500 : 90;
    private static final int AT_A_TIME = RandomRuns.exhaustive() ? 50 : 30;
    /** How many requests the operator sends at once. */
    private static final int WRITERS = 8;

    private static final Duration LONG = Duration.ofMinutes(10);

    private final Installation installation = Installation.install(CLUSTER);
    private final String namespace = CLUSTER.namespace("friday", Map.of());

    @Test
    void neverMoreAtATimeThanAllowedWhoeverLeadsAndNobodyIsDoubledOrForgotten() throws Exception {
        IntStream.range(0, DEPLOYMENTS).parallel().forEach(this::create);
        awaitAvailable();
        try (OperatorRun first = OperatorRun.start(installation).ready();
                OperatorRun second = OperatorRun.start(installation).ready();
                RolloutRecorder recorder =
                        new RolloutRecorder(CLUSTER.admin(), namespace, new PolicyKey(namespace, "logs"))) {
            apply("fluent/fluent-bit:4.2.0", "Audit");
            JsonNode preview = awaitPolicy(
                            policy -> policy.at("/status/preview/workloads").asInt() == DEPLOYMENTS)
                    .at("/status/preview");
            assertThat(preview.path("pods").asInt()).isEqualTo(DEPLOYMENTS);
            assertThat(recorder.steps()).isEmpty();

            Audit audit = Audit.fromNow(CLUSTER, installation.user());
            apply("fluent/fluent-bit:4.2.0", "Enforce");
            awaitReady();
            verify(recorder, audit, "the preview was exact", 0);

            audit = Audit.fromNow(CLUSTER, installation.user());
            recorder.restart();
            apply("fluent/fluent-bit:4.2.1", "Enforce");
            await().atMost(LONG).until(() -> recorder.steps().size() > DEPLOYMENTS / 5);
            assertThat(recorder.steps().size()).as("in the middle").isLessThan(DEPLOYMENTS);
            first.kill();
            JsonNode policy = awaitReady();
            // The API server may have written for a process that ended before the response.
            verify(recorder, audit, "after another has taken over", WRITERS);
            assertThat(policy.at("/status/workloads")).isEqualTo(recount(policy));
        }
    }

    /** Other tests share the cluster. */
    @AfterEach
    void cleanUp() {
        CLUSTER.kubectl("", "delete", "namespace", namespace, "--wait=false").ok();
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> CLUSTER.admin()
                        .apps()
                        .replicaSets()
                        .inNamespace(namespace)
                        .list()
                        .getItems()
                        .isEmpty());
    }

    private void verify(RolloutRecorder recorder, Audit audit, String when, int unanswered) {
        List<RolloutRecorder.Step> steps = recorder.steps();
        assertThat(steps.stream().map(RolloutRecorder.Step::deployment).distinct())
                .as(when)
                .hasSize(DEPLOYMENTS);
        assertThat(steps).as("once each, %s", when).hasSize(DEPLOYMENTS);
        assertThat(steps.get(0).inFlight()).as("one first").isEqualTo(1);
        assertThat(recorder.most()).as(when).isBetween(AT_A_TIME / 2, AT_A_TIME);
        assertThat(audit.writes().stream()
                        .filter(write -> write.startsWith("patch deployments.apps " + namespace + "/")
                                && write.endsWith(" 200")))
                .as("one write each, %s", when)
                .doesNotHaveDuplicates()
                .hasSizeBetween(DEPLOYMENTS - unanswered, DEPLOYMENTS);
    }

    /** What the cluster shows, counted without the operator's own classes. */
    private JsonNode recount(JsonNode policy) {
        String revision = policy.at("/status/revision").asText();
        long injected = CLUSTER.admin().apps().deployments().inNamespace(namespace).list().getItems().stream()
                .map(deployment ->
                        deployment.getSpec().getTemplate().getMetadata().getAnnotations())
                .filter(annotations -> annotations != null
                        && annotations
                                .getOrDefault("sidecar-operator.io/receipt", "")
                                .contains("\"revision\":\"" + revision + "\""))
                .count();
        return Json.parse(
                "{\"matched\":%d,\"injected\":%d,\"outdated\":%d,\"refused\":0,\"skipped\":0,\"progressing\":0}"
                        .formatted(DEPLOYMENTS, injected, DEPLOYMENTS - injected));
    }

    private void create(int number) {
        Deployment deployment = CLUSTER.admin()
                .getKubernetesSerialization()
                .unmarshal("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: web-%1$d, namespace: %2$s}
                        spec:
                          replicas: 1
                          selector: {matchLabels: {app: web-%1$d}}
                          template:
                            metadata: {labels: {app: web-%1$d, logs: collected}}
                            spec: {containers: [{name: web, image: "web:1"}]}
                        """.formatted(number, namespace), Deployment.class);
        CLUSTER.admin().resource(deployment).create();
    }

    private void awaitAvailable() {
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> CLUSTER.admin().apps().deployments().inNamespace(namespace).list().getItems().stream()
                        .allMatch(deployment ->
                                Integer.valueOf(1).equals(deployment.getStatus().getAvailableReplicas())));
    }

    private void apply(String image, String mode) {
        CLUSTER.kubectl("""
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: logs}
                spec:
                  mode: %s
                  selector: {matchLabels: {logs: collected}}
                  sidecars: [{name: log-collector, image: "%s"}]
                  rollout: {maxConcurrent: %d}
                """.formatted(mode, image, AT_A_TIME), "apply", "--namespace", namespace, "-f", "-")
                .ok();
    }

    private JsonNode awaitReady() {
        return awaitPolicy(
                policy -> StreamSupport.stream(policy.at("/status/conditions").spliterator(), false)
                        .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                                && condition.path("status").asText().equals("True")));
    }

    /** At the policy's generation. */
    private JsonNode awaitPolicy(Predicate<JsonNode> expected) {
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> CLUSTER.get("sidecarpolicy", namespace, "logs"),
                        policy -> policy.at("/status/observedGeneration").asLong()
                                        == policy.at("/metadata/generation").asLong()
                                && expected.test(policy));
    }
}

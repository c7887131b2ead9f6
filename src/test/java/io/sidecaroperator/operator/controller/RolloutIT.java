package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.RolloutRecorder;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How a policy's change is rolled out, on the real control plane: one workload first, then more, and back when it
 * fails.
 */
class RolloutIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final String GOOD = "fluent/fluent-bit:4.2.0";
    /** Crash-loops in pods that have a certain label, and runs in all others. */
    private static final String BAD = "registry.example/breaks-some:2";

    private static Installation installation;
    private static RunningManager operator;

    @BeforeAll
    static void start() {
        installation = Installation.install(CLUSTER);
        operator = RunningManager.start(installation);
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @Test
    void aBadSidecarMeetsOneWorkloadWhichGoesBack() {
        Shop shop = new Shop(CLUSTER, "bad");
        shop.applyAll(Shop.deployment("w1"), Shop.deployment("w2"), broken("w3"), Shop.deployment("w4"), broken("w5"));
        shop.apply(policy(GOOD, "{maxConcurrent: 1}"));
        awaitInjected(shop, 5);
        String good = revision(shop);
        try (RolloutRecorder recorder = recorder(shop)) {
            shop.apply(policy(BAD, "{maxConcurrent: 1}"));

            JsonNode stalled = shop.awaitPolicy(
                    "logs",
                    policy -> policy.at("/status/workloads/outdated").asInt() == 3
                            && isTrue(policy, "Stalled")
                            && is(policy, "/status/workloads/progressing", "0"));

            String bad = stalled.at("/status/revision").asText();
            assertThat(stalled.at("/status/failedRevision").asText()).isEqualTo(bad);
            assertThat(stalled.at("/status/provenRevision").asText()).isEqualTo(good);
            assertThat(Shop.condition(stalled, "Stalled").path("message").asText())
                    .startsWith("revision " + bad + " failed on Deployment " + shop.namespace()
                            + "/w3: container log-collector of pod w3-")
                    .contains("CrashLoopBackOff");
            assertThat(Shop.condition(stalled, "Ready").path("message").asText())
                    .isEqualTo("revision " + bad + " has failed: 2 of 5 workloads injected, 3 held back");
            assertThat(recorder.steps().stream()
                            .map(step -> step.deployment() + " " + step.to().orElse("")))
                    .containsExactly("w1 " + bad, "w2 " + bad, "w3 " + bad, "w3 " + good);
            assertThat(recorder.most()).isEqualTo(1);
        }
        shop.awaitRunning("w3");
        assertThat(shop.events("Deployment", "w3")).anyMatch(event -> event.startsWith("RolledBack policy"));

        shop.apply(policy("fluent/fluent-bit:4.2.1", "{maxConcurrent: 1}"));
        JsonNode ready = shop.awaitReady("logs");
        assertThat(ready.at("/status").has("failedRevision"))
                .as("a new revision starts anew")
                .isFalse();
    }

    @Test
    void onFailurePauseLeavesEverythingAsItIsAndAnApprovalGoesOn() {
        Shop shop = new Shop(CLUSTER, "pause");
        shop.applyAll(broken("w1"), Shop.deployment("w2"), Shop.deployment("w3"));
        shop.apply(policy(GOOD, "{maxConcurrent: 1}"));
        awaitInjected(shop, 3);
        shop.apply(policy(BAD, "{maxConcurrent: 1, onFailure: Pause, progressDeadlineSeconds: 8}"));
        JsonNode stalled = shop.awaitPolicy("logs", policy -> isTrue(policy, "Stalled"));
        String bad = stalled.at("/status/revision").asText();
        assertThat(shop.template("w1").at("/spec/initContainers/0/image").asText())
                .isEqualTo(BAD);
        assertThat(shop.template("w2").at("/spec/initContainers/0/image").asText())
                .isEqualTo(GOOD);

        shop.kubectl("annotate", "sidecarpolicy", "logs", "sidecar-operator.io/approve=" + bad);

        JsonNode approved = shop.awaitCounts(
                "logs", "{\"matched\":3,\"injected\":3,\"outdated\":0,\"refused\":0,\"skipped\":0,\"progressing\":0}");
        assertThat(approved.at("/status").has("failedRevision")).isFalse();
        assertThat(isTrue(approved, "Stalled")).isFalse();
        assertThat(shop.template("w3").at("/spec/initContainers/0/image").asText())
                .isEqualTo(BAD);
    }

    @Test
    void anAppThatWasBrokenBeforeIsNoFailureOfThePolicy() {
        Shop shop = new Shop(CLUSTER, "own");
        shop.applyAll(
                Shop.deployment("sick").replace("shop/web:1", "registry.example/crash-loop:1"),
                Shop.deployment("well"));
        shop.awaitRunning("well");

        shop.apply(policy(GOOD, "{maxConcurrent: 1, progressDeadlineSeconds: 30}"));

        JsonNode ready = shop.awaitCounts(
                "logs", "{\"matched\":2,\"injected\":2,\"outdated\":0,\"refused\":0,\"skipped\":0,\"progressing\":0}");
        assertThat(isTrue(ready, "Stalled")).isFalse();
        assertThat(isTrue(ready, "Ready")).isTrue();
        assertThat(ready.at("/status/provenRevision")).isEqualTo(ready.at("/status/revision"));
    }

    @Test
    void whoIsToGoFirstGoesFirstAndHoldsUpTheRestUntilItIsHealthy() {
        Shop shop = new Shop(CLUSTER, "first");
        shop.applyAll(
                Shop.deployment("a"),
                Shop.deployment("b"),
                Shop.deployment("z").replace("logs: collected", "logs: collected, stage: canary"));
        shop.awaitRunning("z");
        try (RolloutRecorder recorder = recorder(shop)) {
            shop.apply(policy(
                    "registry.example/slow:1",
                    "{maxConcurrent: 3, minReadySeconds: 2, first: {matchLabels: {stage: canary}}}"));
            awaitInjected(shop, 3);

            assertThat(recorder.steps().stream().map(RolloutRecorder.Step::deployment))
                    .hasSize(3)
                    .startsWith("z");
            assertThat(recorder.steps().stream().map(RolloutRecorder.Step::inFlight))
                    .containsExactly(1, 1, 2);
        }
    }

    @Test
    void removalGoesByTheGateToo() {
        Shop shop = new Shop(CLUSTER, "removal");
        List<String> names = IntStream.range(0, 6).mapToObj(i -> "w" + i).toList();
        shop.applyAll(names.stream().map(Shop::deployment).toArray(String[]::new));
        shop.apply(policy(GOOD, "{maxConcurrent: 2}"));
        awaitInjected(shop, 6);
        try (RolloutRecorder recorder = recorder(shop)) {
            shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");

            assertThat(recorder.steps()).hasSize(6).allMatch(step -> step.to().isEmpty());
            assertThat(recorder.most()).isBetween(1, 2);
        }
        names.forEach(
                name -> assertThat(Shop.isPlain(shop.get("deployment", name))).isTrue());
    }

    @Test
    void anotherBuildOfTheOperatorChangesNothing() {
        Shop shop = new Shop(CLUSTER, "upgrade");
        shop.applyAll(Shop.deployment("w1"), Shop.deployment("w2"), Shop.workload("StatefulSet", "s1"));
        shop.apply(policy(GOOD, "{}"));
        awaitInjected(shop, 3);
        operator.close();
        // When this is answered, earlier writes are in the log.
        shop.get("sidecarpolicy", "logs");
        Audit audit = Audit.fromNow(CLUSTER, operator.user());
        operator = RunningManager.start(installation, RunningManager.NEXT_BUILD);
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> operator.gauge("injected", "") >= 3);
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(30))
                .until(() -> writes(audit, shop).isEmpty());

        shop.apply(policy("fluent/fluent-bit:4.3.0", "{}"));
        awaitInjected(shop, 3);
        assertThat(shop.template("w1")
                        .at("/spec/initContainers/0/resources/requests/cpu")
                        .asText())
                .as("the new default comes with the policy's next change")
                .isEqualTo("50m");
        operator.close();
        operator = RunningManager.start(installation);
    }

    /** Excludes what other tests have left in the cluster. */
    private static List<String> writes(Audit audit, Shop shop) {
        return audit.writes().stream()
                .filter(write -> write.contains(" " + shop.namespace() + "/"))
                .toList();
    }

    /**
     * Waits until all workloads that the test has created have the policy and run. The operator may not know all of
     * them yet.
     */
    private static JsonNode awaitInjected(Shop shop, int workloads) {
        return shop.awaitCounts("logs", """
                {"matched":%1$d,"injected":%1$d,"outdated":0,"refused":0,"skipped":0,"progressing":0}
                """.formatted(workloads));
    }

    private static RolloutRecorder recorder(Shop shop) {
        return new RolloutRecorder(CLUSTER.admin(), shop.namespace(), new PolicyKey(shop.namespace(), "logs"));
    }

    private static String policy(String image, String rollout) {
        return Shop.policy("logs", image) + "  rollout: " + rollout + "\n";
    }

    private static String broken(String name) {
        return Shop.deployment(name)
                .replace("logs: collected", "logs: collected, test.sidecar-operator.io/breaks: \"true\"");
    }

    private static String revision(Shop shop) {
        return shop.get("sidecarpolicy", "logs").at("/status/revision").asText();
    }

    private static boolean is(JsonNode policy, String path, String value) {
        return policy.at(path).asText().equals(value);
    }

    private static boolean isTrue(JsonNode policy, String condition) {
        return Shop.condition(policy, condition).path("status").asText().equals("True");
    }
}

package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Policies that are deleted and leave their parts, and policies in audit mode, on a real API server. */
class PolicyDeletionIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final Duration SOON = Duration.ofMinutes(3);
    private static RunningManager operator;

    @BeforeAll
    static void start() {
        operator = RunningManager.start(Installation.install(CLUSTER));
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @Test
    void anOrphanedSidecarBecomesTheUsersWithoutARolloutAndLeavesTheReceiptWithTheNextOne() {
        Shop shop = new Shop(CLUSTER, "orphaned");
        shop.apply(Shop.deployment("web"));
        shop.apply(Shop.workload("StatefulSet", "db"));
        shop.apply(policy("logs", "deletion: Orphan"));
        shop.awaitReady("logs", 2);
        String injected = Json.text(shop.template("web"));
        int replicaSets = replicaSets(shop);

        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");

        JsonNode web = shop.get("deployment", "web");
        assertThat(Json.text(web.at("/spec/template"))).isEqualTo(injected);
        assertThat(web.at("/metadata/annotations").path(OrphanedAnnotation.NAME).asText())
                .isEqualTo(shop.namespace() + "/logs");
        assertThat(shop.get("statefulset", "db").at("/metadata/annotations").has(OrphanedAnnotation.NAME))
                .isTrue();
        shop.awaitObserved("web");
        assertThat(replicaSets(shop)).isEqualTo(replicaSets);
        shop.awaitEvent("Deployment", "web", "LeftToUser policy " + shop.namespace() + "/logs");

        shop.apply(policy("other", "priority: 1")
                .replace("log-collector", "proxy")
                .replace("app-logs", "cache")
                .replace("/var/log/app", "/cache")
                .replace("LOG_DIR", "CACHE"));

        shop.awaitReady("other");
        web = shop.get("deployment", "web");
        assertThat(web.at("/metadata/annotations").has(OrphanedAnnotation.NAME)).isFalse();
        assertThat(Engine.receiptOf((com.fasterxml.jackson.databind.node.ObjectNode) web.at("/spec/template"))
                        .map(Receipt::entries)
                        .orElseThrow())
                .hasSize(1);
        shop.kubectl("delete", "sidecarpolicy", "other", "--timeout=240s");
        JsonNode left = shop.template("web");
        assertThat(left.at("/spec/initContainers/0/name").asText()).isEqualTo("log-collector");
        assertThat(left.at("/metadata").has("annotations")).isFalse();
    }

    @Test
    void aPolicyThatWaitsForOwnersWritesNothingAndGoesAtOnce() {
        Shop shop = new Shop(CLUSTER, "waits");
        shop.apply(Shop.deployment("carries"));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitReady("logs", 1);
        String injected = Json.text(shop.template("carries"));
        shop.apply(policy("logs", "rollout: {strategy: OnNextRollout}"));
        shop.apply(Shop.deployment("later"));

        JsonNode policy = shop.awaitCounts(
                "logs", "{\"matched\":2,\"injected\":1,\"outdated\":1,\"refused\":0,\"skipped\":0,\"progressing\":0}");

        assertThat(Shop.condition(policy, "Ready").path("reason").asText()).isEqualTo("AwaitsOwner");
        assertThat(Shop.isPlain(shop.get("deployment", "later"))).isTrue();
        double orphaned = operator.gauge("orphaned", "Orphaned");
        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");
        assertThat(Json.text(shop.template("carries"))).isEqualTo(injected);
        assertThat(shop.get("deployment", "carries").at("/metadata/annotations").has(OrphanedAnnotation.NAME))
                .isFalse();
        awaitGauge("Orphaned", orphaned + 1);
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitReady("logs");
        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");
        assertThat(Shop.isPlain(shop.get("deployment", "carries"))).isTrue();
    }

    @Test
    void anAuditedPolicyCountsWhatItWouldDoAndDoesItOnceItIsEnforced() {
        Shop shop = new Shop(CLUSTER, "audit");
        shop.apply(Shop.deployment("web"));
        shop.awaitRunning("web");
        shop.apply(policy("logs", "mode: Audit"));

        JsonNode policy = shop.awaitCounts(
                "logs", "{\"matched\":1,\"injected\":0,\"outdated\":1,\"refused\":0,\"skipped\":0,\"progressing\":0}");

        assertThat(Shop.condition(policy, "Ready").path("reason").asText()).isEqualTo("Audited");
        assertThat(policy.at("/status/addedRequests/cpu").asText()).isEqualTo("100m");
        assertThat(policy.at("/status").has("exceptions")).isFalse();
        assertThat(Shop.condition(policy, "PodSecurityCompatible")
                        .path("reason")
                        .asText())
                .isEqualTo("Baseline");
        assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();

        shop.apply(policy("logs", "mode: Enforce"));
        shop.awaitDeployment("web", web -> Shop.retains(web, "log-collector"));
        shop.awaitReady("logs");
        String injected = Json.text(shop.template("web"));
        double left = operator.gauge("orphaned", "NotSelected");
        shop.apply(policy("logs", "mode: Audit").replace("logs: collected", "logs: none"));
        awaitGauge("NotSelected", left + 1);
        assertThat(Json.text(shop.template("web"))).isEqualTo(injected);
        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");
        assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();
    }

    @Test
    void aPausedPolicyHoldsItsChangeBackAndIsStillRemoved() {
        Shop shop = new Shop(CLUSTER, "paused");
        shop.apply(Shop.deployment("web"));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitReady("logs", 1);
        String injected = Json.text(shop.template("web"));

        shop.apply(policy("logs", "rollout: {paused: true}").replace("4.2.0", "4.2.1"));

        JsonNode policy = shop.awaitCounts(
                "logs", "{\"matched\":1,\"injected\":0,\"outdated\":1,\"refused\":0,\"skipped\":0,\"progressing\":0}");
        assertThat(Shop.condition(policy, "Ready").path("reason").asText()).isEqualTo("Paused");
        assertThat(Json.text(shop.template("web"))).isEqualTo(injected);
        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");
        assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();
    }

    @Test
    void aPolicyThatIsDeletedInTheMiddleOfItsRolloutLeavesNothingAndDoesNotHang() {
        Shop shop = new Shop(CLUSTER, "midway");
        rollOutSlowly(shop);

        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");

        for (String name : List.of("w1", "w2", "w3")) {
            assertThat(Shop.isPlain(shop.get("deployment", name))).as(name).isTrue();
        }
    }

    @Test
    void aNamespaceThatGoesInTheMiddleOfARolloutGoes() {
        Shop shop = new Shop(CLUSTER, "midend");
        rollOutSlowly(shop);

        CLUSTER.kubectl("", "delete", "namespace", shop.namespace(), "--timeout=240s")
                .ok();

        assertThat(CLUSTER.kubectl("", "get", "namespace", shop.namespace(), "--ignore-not-found")
                        .ok()
                        .out())
                .isEmpty();
    }

    /** The operator sees the whole cluster, including what other tests have left in it. */
    private static void awaitGauge(String reason, double expected) {
        Awaitility.await().atMost(SOON).until(() -> operator.gauge("orphaned", reason) == expected);
    }

    /** Ends when one workload has a sidecar that does not become ready, and the others wait for it. */
    private static void rollOutSlowly(Shop shop) {
        shop.applyAll(Shop.deployment("w1"), Shop.deployment("w2"), Shop.deployment("w3"));
        shop.awaitRunning("w3");
        shop.apply(Shop.policy("logs", "registry.example/never-ready:1") + "  rollout: {maxConcurrent: 1}\n");
        shop.awaitPolicy(
                "logs",
                found -> found.at("/status/workloads/progressing").asInt() == 1
                        && found.at("/status/workloads/outdated").asInt() == 2);
    }

    private static String policy(String name, String more) {
        return Shop.policy(name, "fluent/fluent-bit:4.2.0").replace("spec:\n", "spec:\n  " + more + "\n");
    }

    private static int replicaSets(Shop shop) {
        return Json.parse(shop.kubectl("get", "replicasets", "-o", "json"))
                .path("items")
                .size();
    }
}

package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Policies of the whole cluster, and what namespaces mean for them, on a real API server. */
class ClusterPolicyIT {
    private static final TestCluster CLUSTER = TestCluster.get();

    /** Keeps this policy from workloads that other tests have left in the cluster. */
    private static final UnaryOperator<String> FIRST_ONLY =
            manifest -> manifest.replace("logs: collected", "logs: of-the-first");

    private final Installation installation = Installation.install(CLUSTER);

    @Test
    void aPolicyFollowsTheLabelsOfNamespacesAndGoesFromAllOfThem() {
        Shop blue = new Shop(CLUSTER, "blue");
        Shop green = new Shop(CLUSTER, "green");
        label(blue, "team=blue");
        blue.apply(Shop.deployment("web"));
        green.apply(Shop.deployment("web"));
        String before = Json.text(green.template("web"));
        try (RunningManager operator = RunningManager.start(installation)) {
            apply(policy("blue", "{matchLabels: {team: blue}}"));
            blue.awaitDeployment("web", web -> Shop.retains(web, "log-collector"));
            JsonNode policy = await("blue", found -> counts(found, "injected") == 1 && isReady(found));
            assertThat(counts(policy, "matched")).isOne();
            assertThat(Shop.isPlain(green.get("deployment", "web"))).isTrue();
            assertThat(operator.manager().ready()).isTrue();

            label(green, "team=blue");
            green.awaitDeployment("web", web -> Shop.retains(web, "log-collector"));
            await("blue", found -> counts(found, "injected") == 2);

            label(green, "team-");
            green.awaitDeployment("web", Shop::isPlain);
            assertThat(Json.text(green.template("web"))).isEqualTo(before);
            await("blue", found -> counts(found, "matched") == 1);

            label(green, "team=blue");
            green.awaitDeployment("web", web -> Shop.retains(web, "log-collector"));
            CLUSTER.kubectl("", "delete", "namespace", blue.namespace(), "--timeout=240s")
                    .ok();
            await("blue", found -> counts(found, "matched") == 1);
            CLUSTER.kubectl("", "delete", "clustersidecarpolicy", "blue", "--timeout=240s")
                    .ok();
            assertThat(Json.text(green.template("web"))).isEqualTo(before);
        }
    }

    @Test
    void clusterPoliciesComeFirstAndSystemNamespacesAreNeverReached() {
        Shop shop = new Shop(CLUSTER, "first");
        shop.apply(FIRST_ONLY.apply(Shop.deployment("web")));
        CLUSTER.kubectl(
                        FIRST_ONLY.apply(Shop.deployment("first-web")),
                        "apply",
                        "--namespace",
                        "kube-system",
                        "-f",
                        "-")
                .ok();
        try (RunningManager operator = RunningManager.start(installation)) {
            shop.apply(FIRST_ONLY.apply(Shop.policy("logs", "fluent/fluentd:1")));
            shop.awaitReady("logs");
            apply(FIRST_ONLY.apply(policy("first", "{}")));

            JsonNode policy = shop.awaitPolicy(
                    "logs", found -> found.at("/status/workloads/refused").asInt() == 1);

            assertThat(policy.at("/status/exceptions/0/message").asText()).contains("policy first already adds");
            shop.awaitDeployment(
                    "web",
                    web -> web.at("/spec/template/spec/initContainers/0/image")
                            .asText()
                            .equals("fluent/fluent-bit:4.2.0"));
            CLUSTER.kubectl("", "delete", "clustersidecarpolicy", "first", "--timeout=240s")
                    .ok();
            shop.awaitDeployment(
                    "web",
                    web -> web.at("/spec/template/spec/initContainers/0/image")
                            .asText()
                            .equals("fluent/fluentd:1"));
            JsonNode system = Json.parse(
                    CLUSTER.kubectl("", "get", "deployment", "first-web", "--namespace", "kube-system", "-o", "json")
                            .ok()
                            .out());
            assertThat(system.at("/metadata/generation").asInt())
                    .as("never written")
                    .isOne();
            assertThat(operator.manager().failure()).isEmpty();
        }
    }

    @Test
    void anOperatorOfSomeNamespacesObeysItThereOnly() {
        Shop inside = new Shop(CLUSTER, "inside");
        Shop outside = new Shop(CLUSTER, "outside");
        inside.apply(Shop.deployment("web"));
        outside.apply(Shop.deployment("web"));
        label(inside, "side=both");
        label(outside, "side=both");
        try (RunningManager operator = RunningManager.start(installation, inside.namespace())) {
            apply(policy("both", "{matchLabels: {side: both}}"));

            JsonNode policy = await("both", ClusterPolicyIT::isReady);

            assertThat(counts(policy, "matched")).isOne();
            assertThat(Shop.retains(inside.get("deployment", "web"), "log-collector"))
                    .isTrue();
            assertThat(Shop.isPlain(outside.get("deployment", "web"))).isTrue();
            CLUSTER.kubectl("", "delete", "clustersidecarpolicy", "both", "--timeout=240s")
                    .ok();
            assertThat(operator.manager().ready()).isTrue();
        }
    }

    @Test
    void aLimitRangeThatStandsInTheWayIsSaidAndItsEndIsNoticed() {
        Shop shop = new Shop(CLUSTER, "limits");
        shop.apply("""
                apiVersion: v1
                kind: LimitRange
                metadata: {name: small}
                spec: {limits: [{type: Container, max: {cpu: 200m}}]}
                """);
        shop.apply(Shop.deployment("web"));
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
            JsonNode policy = shop.awaitPolicy(
                    "logs", found -> found.at("/status/workloads/refused").asInt() == 1);
            assertThat(policy.at("/status/exceptions/0/reason").asText()).isEqualTo("LimitRange");
            assertThat(operator.manager().limitRanges(shop.namespace())).hasSize(1);

            shop.kubectl("delete", "limitrange", "small");

            shop.awaitDeployment("web", web -> Shop.retains(web, "log-collector"));
        }
    }

    private static String policy(String name, String namespaceSelector) {
        return Shop.policy(name, "fluent/fluent-bit:4.2.0")
                .replace("kind: SidecarPolicy", "kind: ClusterSidecarPolicy")
                .replace("spec:\n", "spec:\n  namespaceSelector: " + namespaceSelector + "\n");
    }

    private static void apply(String manifest) {
        CLUSTER.kubectl(manifest, "apply", "-f", "-").ok();
    }

    private static void label(Shop shop, String label) {
        CLUSTER.kubectl("", "label", "namespace", shop.namespace(), label).ok();
    }

    private static JsonNode await(String policy, Predicate<JsonNode> expected) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(() -> CLUSTER.get("clustersidecarpolicy", "", policy), expected);
    }

    private static int counts(JsonNode policy, String which) {
        return policy.at("/status/workloads/" + which).asInt(-1);
    }

    private static boolean isReady(JsonNode policy) {
        return Shop.condition(policy, "Ready").path("status").asText().equals("True");
    }
}

package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of Kubernetes that is reconciled, on a real API server with the controllers that run its pods. */
class KindsIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static RunningManager operator;

    @BeforeAll
    static void start() {
        operator = RunningManager.start(Installation.install(CLUSTER));
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet", "CronJob", "ReplicaSet"})
    void aKindIsInjectedUpdatedByItsOwnerAndGivenBackByteForByte(String kind) {
        Shop shop = new Shop(CLUSTER, "kind");
        String workload = Shop.workload(kind, "web");
        shop.apply(workload);
        String before = Json.text(template(shop.get(kind, "web")));

        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitReady("logs", 1);
        String injected = Json.text(template(shop.get(kind, "web")));
        assertThat(injected).contains("log-collector");

        shop.apply(workload.replace("shop/web:1", "shop/web:2"));
        shop.await(kind, "web", web -> Json.text(template(web)).contains("shop/web:2"));
        assertThat(Json.text(template(shop.get(kind, "web")))).isEqualTo(injected.replace("shop/web:1", "shop/web:2"));

        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");
        assertThat(Json.text(template(shop.get(kind, "web")))).isEqualTo(before.replace("shop/web:1", "shop/web:2"));
    }

    @Test
    void whatAnotherWorkloadControlsIsLeftToItAndWhatSomebodyElseControlsIsNot() {
        Shop shop = new Shop(CLUSTER, "owned");
        shop.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: canary}}");
        String canary = owner(shop, "v1", "ConfigMap", "canary");
        shop.apply(Shop.workload("Deployment", "web"));
        String web = owner(shop, "apps/v1", "Deployment", "web");
        shop.applyAll(
                Shop.workload("StatefulSet", "of-web").replace("{name: of-web}", "{name: of-web, " + web),
                Shop.workload("StatefulSet", "of-canary").replace("{name: of-canary}", "{name: of-canary, " + canary),
                Shop.workload("ReplicaSet", "set-of-canary")
                        .replace("{name: set-of-canary}", "{name: set-of-canary, " + canary));

        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));

        JsonNode policy = shop.awaitReady("logs", 2);
        assertThat(policy.at("/status/workloads/matched").asInt()).isEqualTo(2);
        assertThat(Shop.retains(shop.get("deployment", "web"), "log-collector")).isTrue();
        assertThat(Shop.retains(shop.get("statefulset", "of-canary"), "log-collector"))
                .isTrue();
        assertThat(Shop.isPlain(shop.get("statefulset", "of-web"))).isTrue();
        assertThat(Shop.isPlain(shop.get("replicaset", "set-of-canary"))).isTrue();
    }

    private static String owner(Shop shop, String apiVersion, String kind, String name) {
        return "ownerReferences: [{apiVersion: " + apiVersion + ", kind: " + kind + ", name: " + name + ", uid: "
                + shop.get(kind, name).at("/metadata/uid").asText() + ", controller: true}]}";
    }

    private static JsonNode template(JsonNode workload) {
        return WorkloadKind.of(workload)
                .flatMap(kind -> kind.templateOf(workload))
                .orElseThrow();
    }
}

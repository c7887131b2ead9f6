package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator costs the API server, counted in the API server's audit log. */
class TrafficIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int MANY = 50;
    private static final int FEW = 10;
    private static Installation installation;

    @BeforeAll
    static void install() {
        installation = Installation.install(CLUSTER);
    }

    @Test
    void manyDeploymentsCostOnePatchEachAndARestartCostsNothing() {
        Shop shop = new Shop(CLUSTER, "many");
        String[] deployments = IntStream.range(0, MANY)
                .mapToObj(i -> Shop.deployment("web-" + i))
                .toArray(String[]::new);
        shop.applyAll(deployments);
        await().atMost(Duration.ofMinutes(2)).until(() -> available(shop) == MANY);
        shop.applyAll(Shop.deployment("own") + "      - {name: log-collector, image: shop/own:1}\n");
        shop.awaitRunning("own");

        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            Audit audit = Audit.fromNow(CLUSTER, operator.user());
            Instant start = Instant.now();
            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
            shop.awaitPolicy(
                    "logs",
                    policy -> policy.at("/status/workloads/injected").asInt() == MANY
                            && Shop.condition(policy, "Ready")
                                    .path("status")
                                    .asText()
                                    .equals("True"));
            long seconds = Duration.between(start, Instant.now()).toSeconds() + 1;

            List<JsonNode> patches = audit.in(shop.namespace(), "patch", "deployments");
            assertThat(patches).as("patches").hasSize(MANY);
            assertThat(patches)
                    .allMatch(event -> event.at("/responseStatus/code").asInt() == 200);
            assertThat(audit.writes().stream().filter(write -> write.contains("sidecarpolicies/status")))
                    .as("at most one status write a second")
                    .hasSizeLessThanOrEqualTo((int) seconds + 1);
            assertThat(audit.verbs()).as("no reads but the watches").noneMatch(verb -> verb.startsWith("get "));
            shop.awaitEvent("Deployment", "web-49", "Injected");
            shop.awaitEvent("Deployment", "own", "ContainerNameTaken");
        }

        Audit audit = Audit.fromNow(CLUSTER, installation.user());
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            await().atMost(SOON).until(() -> operator.counted("reconciliations.success.total") >= MANY + 2);
            // One change that has to be written shows that everything before it is reconciled.
            shop.apply(Shop.deployment("last"));
            shop.awaitDeployment("last", d -> Shop.retains(d, "log-collector"));
            assertThat(audit.writes().stream()
                            .filter(write -> !write.contains("/last"))
                            .filter(write -> !write.contains("sidecarpolicies/status")))
                    .as("a restart with everything in sync writes nothing")
                    .isEmpty();
        }
    }

    @Test
    void manyStatefulSetsCostOnePatchEachAndOneForTheMarkThatTheyRunAndNoRead() {
        Shop shop = new Shop(CLUSTER, "sets");
        shop.applyAll(IntStream.range(0, FEW)
                .mapToObj(i -> Shop.workload("StatefulSet", "db-" + i))
                .toArray(String[]::new));

        IntStream.range(0, FEW)
                .forEach(i -> shop.await(
                        "statefulset",
                        "db-" + i,
                        set -> set.at("/status/readyReplicas").asInt() == 1));

        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            Audit audit = Audit.fromNow(CLUSTER, operator.user());
            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
            shop.awaitPolicy(
                    "logs", policy -> policy.at("/status/workloads/injected").asInt() == FEW);

            // Unlike a Deployment, a StatefulSet does not say since when its pods run, so its last-write annotation
            // does.
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(done(audit.in(shop.namespace(), "patch", "statefulsets")))
                            .hasSize(2 * FEW));
            assertThat(audit.in(shop.namespace(), "patch", "statefulsets"))
                    .as("or the set had changed at the same moment")
                    .allMatch(event -> Set.of(200, 409)
                            .contains(event.at("/responseStatus/code").asInt()));
            assertThat(shop.get("statefulset", "db-0")
                            .at("/metadata/generation")
                            .asInt())
                    .as("only one of them is a change of the template")
                    .isEqualTo(2);
            assertThat(audit.verbs()).as("no reads but the watches").noneMatch(verb -> verb.startsWith("get "));
        }
    }

    @Test
    void aRestartWithEverythingInSyncWritesNothingAtAll() {
        Shop shop = new Shop(CLUSTER, "restart");
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            shop.apply(Shop.deployment("web"));
            shop.apply(Shop.deployment("own") + "      - {name: log-collector, image: shop/own:1}\n");
            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
            shop.awaitCounts(
                    "logs",
                    "{\"matched\":2,\"injected\":1,\"outdated\":0,\"refused\":1,\"skipped\":0,\"progressing\":0}");
            shop.awaitEvent("SidecarPolicy", "logs", "Ready");
            assertThat(operator.manager().ready()).isTrue();
        }
        JsonNode policy = shop.get("sidecarpolicy", "logs");
        Audit audit = Audit.fromNow(CLUSTER, installation.user());

        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            await().atMost(SOON).until(() -> operator.counted("reconciliations.success.total") >= 4);
            await().atMost(SOON)
                    .during(Duration.ofSeconds(2))
                    .until(() -> audit.writes().isEmpty());
        }

        assertThat(audit.writes()).isEmpty();
        assertThat(shop.get("sidecarpolicy", "logs")).isEqualTo(policy);
    }

    @Test
    void whatAVanishedPolicyAddedStaysAndIsTakenUpWhenItReturns() {
        Shop shop = new Shop(CLUSTER, "orphan");
        shop.apply(Shop.deployment("web"));
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
            shop.awaitReady("logs");
            assertThat(operator.manager().failure()).isEmpty();
        }
        JsonNode injected = shop.template("web");
        shop.kubectl("delete", "sidecarpolicy", "logs", "--wait=false");
        shop.kubectl("patch", "sidecarpolicy", "logs", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");

        Audit audit = Audit.fromNow(CLUSTER, installation.user());
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            await().atMost(SOON).until(() -> operator.gauge("orphaned", "Orphaned") == 1);
            assertThat(shop.template("web")).isEqualTo(injected);
            assertThat(audit.writes()).isEmpty();

            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
            shop.awaitReady("logs");
            assertThat(shop.template("web")).isEqualTo(injected);
            assertThat(audit.in(shop.namespace(), "patch", "deployments")).isEmpty();
            shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");
            assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();
        }
    }

    private static List<JsonNode> done(List<JsonNode> requests) {
        return requests.stream()
                .filter(event -> event.at("/responseStatus/code").asInt() == 200)
                .toList();
    }

    private static long available(Shop shop) {
        return shop.kubectl(
                        "get",
                        "deployments",
                        "-o",
                        "jsonpath={range .items[*]}{.status.availableReplicas}{\"\\n\"}{end}")
                .lines()
                .filter("1"::equals)
                .count();
    }
}

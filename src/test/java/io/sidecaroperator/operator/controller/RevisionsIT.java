package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A policy's earlier revisions, stored by a real API server and used for workloads that still have them. */
class RevisionsIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final String OLD = "fluent/fluent-bit:4.2.0";
    private static final String OURS = "sidecarpolicy-logs-";
    private static final String NEW = "fluent/fluent-bit:4.2.1";

    private final Installation installation = Installation.install(CLUSTER);

    @Test
    void eachRevisionIsKeptOnceWithItsPolicyAsOwnerAndGoesWithIt() {
        Shop shop = new Shop(CLUSTER, "kept");
        Audit audit = Audit.fromNow(CLUSTER, installation.user());
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            shop.apply(Shop.policy("logs", OLD));
            String first = revision(shop.awaitReady("logs"));
            shop.apply(Shop.policy("logs", NEW));
            String second = revision(
                    shop.awaitPolicy("logs", policy -> !revision(policy).equals(first)));

            List<JsonNode> kept = awaitRevisions(shop.namespace(), all -> all.size() == 2);

            assertThat(kept).extracting(RevisionsIT::label).containsExactly(first, second);
            assertThat(kept)
                    .extracting(revision ->
                            revision.at("/data/spec/sidecars/0/image").asText())
                    .containsExactly(OLD, NEW);
            JsonNode policy = shop.get("sidecarpolicy", "logs");
            assertThat(kept).allSatisfy(revision -> {
                JsonNode owner = revision.at("/metadata/ownerReferences/0");
                assertThat(owner.path("uid")).isEqualTo(policy.at("/metadata/uid"));
                assertThat(owner.has("blockOwnerDeletion")).isFalse();
                assertThat(revision.at("/data/spec").has("selector")).isFalse();
            });
            shop.apply(Shop.policy("logs", OLD));
            shop.awaitPolicy("logs", found -> revision(found).equals(first));
            assertThat(audit.in(shop.namespace(), "create", "controllerrevisions").stream()
                            .filter(event -> event.at("/responseStatus/code").asInt() == 201))
                    .hasSize(2);
            assertThat(audit.in(shop.namespace(), "get", "controllerrevisions")).isEmpty();

            shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");
            awaitRevisions(shop.namespace(), List::isEmpty);
            assertThat(audit.in(shop.namespace(), "delete", "controllerrevisions"))
                    .isEmpty();
            assertThat(operator.manager().ready()).isTrue();
        }
    }

    @Test
    void aHeldWorkloadGetsItsOwnEarlierRevisionAgainWhenSomebodyTakesAPartOut() {
        Shop shop = new Shop(CLUSTER, "held");
        shop.apply(Shop.deployment("web"));
        String injected;
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            shop.apply(Shop.policy("logs", OLD));
            injected = Json.text(shop.awaitDeployment("web", web -> Shop.retains(web, "log-collector"))
                    .at("/spec/template"));
            String first = revision(shop.awaitReady("logs"));
            shop.apply(Shop.policy("logs", NEW) + "  rollout: {paused: true}\n");
            shop.awaitPolicy("logs", policy -> !revision(policy).equals(first));

            takeContainerOut(shop);
            shop.awaitTemplate("web", injected);
            assertThat(operator.manager().ready()).isTrue();
        }
        // The operator that starts next has read the stored revisions before it reconciles any workload.
        takeContainerOut(shop);
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            shop.awaitTemplate("web", injected);
            assertThat(operator.manager().ready()).isTrue();
        }
    }

    @Test
    void beyondTheLimitTheOldestGoButNeverOneThatAWorkloadHas() {
        Shop shop = new Shop(CLUSTER, "pruned");
        shop.apply(Shop.deployment("web"));
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            shop.apply(Shop.policy("logs", OLD));
            shop.awaitDeployment("web", web -> Shop.retains(web, "log-collector"));
            String named = revision(shop.awaitReady("logs"));
            String last = named;
            for (int i = 1; i <= 4; i++) {
                String before = last;
                shop.apply(Shop.policy("logs", NEW + i) + "  revisionHistoryLimit: 2\n  rollout: {paused: true}\n");
                last = revision(
                        shop.awaitPolicy("logs", policy -> !revision(policy).equals(before)));
            }

            List<JsonNode> kept = awaitRevisions(shop.namespace(), all -> all.size() == 4);

            assertThat(kept)
                    .extracting(revision ->
                            revision.at("/data/spec/sidecars/0/image").asText())
                    .containsExactly(OLD, NEW + 2, NEW + 3, NEW + 4);
            assertThat(kept).extracting(RevisionsIT::label).startsWith(named).endsWith(last);
            assertThat(operator.manager().ready()).isTrue();
        }
    }

    @Test
    void clusterPoliciesHaveTheirsInTheOperatorsNamespace() {
        Shop shop = new Shop(CLUSTER, "fleet");
        String policy = Shop.policy("kept-fleet", OLD)
                .replace("kind: SidecarPolicy", "kind: ClusterSidecarPolicy")
                .replace("spec:\n", "spec:\n  namespaceSelector: {matchLabels: {kept: fleet}}\n");
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            CLUSTER.kubectl(policy, "apply", "-f", "-").ok();

            awaitRevisions(installation.namespace(), all -> ofFleet(all).size() == 1);
            CLUSTER.kubectl("", "delete", "clustersidecarpolicy", "kept-fleet", "--timeout=240s")
                    .ok();
            awaitRevisions(installation.namespace(), all -> ofFleet(all).isEmpty());
            assertThat(operator.manager().ready()).isTrue();
        }
    }

    @Test
    void thePresentRevisionComesBackAndJunkHarmsNobody() {
        Shop shop = new Shop(CLUSTER, "junk");
        shop.apply(Shop.deployment("web"));
        shop.apply(junk("before", "{spec: [1, 2]}"));
        try (RunningManager operator = RunningManager.start(installation, shop.namespace())) {
            shop.apply(Shop.policy("logs", OLD));
            JsonNode policy = shop.awaitReady("logs");
            String name = awaitRevisions(shop.namespace(), RevisionsIT::hasOurs).stream()
                    .map(RevisionsIT::name)
                    .filter(found -> found.startsWith(OURS))
                    .findFirst()
                    .orElseThrow();
            shop.apply(junk("after", "{spec: {sidecars: [{name: log-collector, image: evil}]}}")
                    .replace("UID", policy.at("/metadata/uid").asText()));

            shop.kubectl("delete", "controllerrevision", name);

            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> CLUSTER.find("controllerrevision", shop.namespace(), name)
                            .isPresent());
            shop.awaitDeployment("web", web -> Shop.retains(web, "log-collector"));
            assertThat(operator.manager().ready()).isTrue();
            assertThat(operator.manager().failure()).isEmpty();
        }
    }

    /** A ControllerRevision with the operator's label, for a policy whose uid is filled in later. */
    private static String junk(String name, String data) {
        return """
                apiVersion: apps/v1
                kind: ControllerRevision
                metadata:
                  name: %s
                  labels: {sidecar-operator.io/revision: "0123456789"}
                  ownerReferences:
                  - {apiVersion: sidecar-operator.io/v1alpha1, kind: SidecarPolicy, name: logs, uid: UID}
                revision: 1
                data: %s
                """.formatted(name, data);
    }

    private static void takeContainerOut(Shop shop) {
        shop.kubectl(
                "patch",
                "deployment",
                "web",
                "--type=json",
                "-p",
                "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/initContainers\"}]");
    }

    /** Waits until the revisions that the operator stores in a namespace, the oldest first, are as expected. */
    private static List<JsonNode> awaitRevisions(String namespace, Predicate<List<JsonNode>> expected) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> revisions(namespace), expected);
    }

    private static List<JsonNode> revisions(String namespace) {
        JsonNode list = Json.parse(CLUSTER.kubectl(
                        "",
                        "get",
                        "controllerrevisions",
                        "--namespace",
                        namespace,
                        "-l",
                        "sidecar-operator.io/revision",
                        "-o",
                        "json")
                .ok()
                .out());
        return StreamSupport.stream(list.path("items").spliterator(), false)
                .sorted(Comparator.comparingLong(
                        revision -> revision.path("revision").asLong()))
                .toList();
    }

    private static List<JsonNode> ofFleet(List<JsonNode> revisions) {
        return revisions.stream()
                .filter(revision ->
                        revision.at("/metadata/ownerReferences/0/name").asText().equals("kept-fleet"))
                .toList();
    }

    private static boolean hasOurs(List<JsonNode> revisions) {
        return revisions.stream().anyMatch(revision -> name(revision).startsWith(OURS));
    }

    private static String name(JsonNode revision) {
        return revision.at("/metadata/name").asText();
    }

    private static String label(JsonNode revision) {
        return revision.path("metadata")
                .path("labels")
                .path("sidecar-operator.io/revision")
                .asText();
    }

    private static String revision(JsonNode policy) {
        return policy.at("/status/revision").asText();
    }
}

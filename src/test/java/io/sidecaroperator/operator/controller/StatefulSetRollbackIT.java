package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A StatefulSet with ordered updates waits for ever for a pod of a failed revision. A change of its template alone does
 * not repair it.
 */
class StatefulSetRollbackIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final String GOOD = "fluent/fluent-bit:4.2.0";
    private static final String BETTER = "fluent/fluent-bit:4.2.1";
    /** Crash-loops in pods that have a certain label. */
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
    void withoutThePermissionThePodIsNamedUntilSomebodyHasDeletedIt() {
        Shop shop = new Shop(CLUSTER, "byhand");
        rollOutBad(shop);

        JsonNode policy = shop.awaitPolicy(
                "logs",
                found -> "DeletePodByHand"
                        .equals(found.at("/status/exceptions/0/reason").asText()));

        assertThat(policy.at("/status/exceptions/0/message").asText()).startsWith("delete pod db-1: ");
        assertThat(policy.at("/status/exceptions/0/kind").asText()).isEqualTo("StatefulSet");
        shop.awaitEvent("StatefulSet", "db", "DeletePodByHand policy " + shop.namespace() + "/logs is not rolled back");
        assertThat(image(shop.get("statefulset", "db").at("/spec/template"))).isEqualTo(GOOD);
        assertThat(image(shop.get("pod", "db-1"))).isEqualTo(BAD);

        shop.kubectl("delete", "pod", "db-1", "--wait=false");

        awaitWell(shop);
        shop.awaitPolicy("logs", found -> !found.at("/status").has("exceptions"));
        assertThat(shop.events("StatefulSet", "db").stream().filter(event -> event.startsWith("DeletePodByHand")))
                .hasSize(1);
    }

    @Test
    void withThePermissionThePodIsDeleted() {
        Shop shop = new Shop(CLUSTER, "deletes");
        allowDeletion(shop);
        rollOutBad(shop);
        String other = shop.get("pod", "db-0").at("/metadata/uid").asText();

        awaitWell(shop);

        assertThat(shop.get("pod", "db-0").at("/metadata/uid").asText())
                .as("the healthy pod")
                .isEqualTo(other);
        assertThat(shop.get("sidecarpolicy", "logs").at("/status").has("exceptions"))
                .isFalse();
        assertThat(shop.events("StatefulSet", "db")).noneMatch(event -> event.startsWith("DeletePodByHand"));
    }

    /** Its controller waits for the pod of the bad revision whatever the template says now. */
    @Test
    void aRevisionThatMendsItIsNotBlamedForThePodThatIsWaitedFor() {
        Shop shop = new Shop(CLUSTER, "mended");
        rollOutBad(shop);

        shop.apply(Shop.policy("logs", BETTER) + "  rollout: {progressDeadlineSeconds: 20}\n");
        JsonNode policy = shop.awaitPolicy(
                "logs",
                found -> "DeletePodByHand"
                                .equals(found.at("/status/exceptions/0/reason").asText())
                        && !found.at("/status").has("failedRevision"));
        assertThat(policy.at("/status/exceptions/0/message").asText()).startsWith("delete pod db-1: ");
        shop.awaitEvent(
                "StatefulSet",
                "db",
                "DeletePodByHand policy " + shop.namespace() + "/logs waits for a pod that does not come to run: ");
        assertThat(image(shop.get("statefulset", "db").at("/spec/template"))).isEqualTo(BETTER);
        // Its deadline has passed, and the pod is still the old one.
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> shop.get("sidecarpolicy", "logs")
                                .at("/status/workloads/progressing")
                                .asInt(-1)
                        == 0);
        JsonNode over = shop.get("sidecarpolicy", "logs");
        assertThat(over.at("/status").has("failedRevision")).isFalse();
        assertThat(over.at("/status/exceptions/0/reason").asText()).isEqualTo("DeletePodByHand");

        shop.kubectl("delete", "pod", "db-1", "--wait=false");

        awaitWell(shop, BETTER);
        shop.awaitPolicy("logs", found -> !found.at("/status").has("exceptions"));
    }

    @Test
    void withThePermissionItIsDeletedForARevisionThatMendsItToo() {
        Shop shop = new Shop(CLUSTER, "mends");
        allowDeletion(shop);
        // The policy does not roll back.
        String pausing = "  rollout: {onFailure: Pause}\n";
        rollOutBad(shop, pausing);
        assertThat(image(shop.get("pod", "db-1"))).isEqualTo(BAD);

        shop.apply(Shop.policy("logs", BETTER) + pausing);

        awaitWell(shop, BETTER);
        JsonNode policy = shop.awaitReady("logs");
        assertThat(policy.at("/status/provenRevision")).isEqualTo(policy.at("/status/revision"));
    }

    /** Ends when the policy's bad revision is known to have failed. */
    private static void rollOutBad(Shop shop) {
        rollOutBad(shop, "");
    }

    /** The same with these rules of the rollout. */
    private static void rollOutBad(Shop shop, String rollout) {
        shop.apply(Shop.workload("StatefulSet", "db")
                .replace("replicas: 1", "replicas: 2")
                .replace("logs: collected", "logs: collected, test.sidecar-operator.io/breaks: \"true\""));
        shop.await("statefulset", "db", set -> set.at("/status/readyReplicas").asInt() == 2);
        shop.apply(Shop.policy("logs", GOOD));
        shop.awaitReady("logs");
        shop.apply(Shop.policy("logs", BAD) + rollout);
        shop.awaitPolicy("logs", policy -> policy.at("/status").has("failedRevision"));
    }

    private static void allowDeletion(Shop shop) {
        shop.kubectl("create", "role", "rollback", "--verb=delete", "--resource=pods");
        shop.kubectl(
                "create",
                "rolebinding",
                "rollback",
                "--role=rollback",
                "--serviceaccount=" + installation.user().replace("system:serviceaccount:", ""));
    }

    private static void awaitWell(Shop shop) {
        awaitWell(shop, GOOD);
    }

    private static void awaitWell(Shop shop, String image) {
        shop.await("pod", "db-1", pod -> image(pod).equals(image));
        shop.await(
                "statefulset",
                "db",
                set -> set.at("/status/readyReplicas").asInt() == 2
                        && set.at("/status/currentRevision").equals(set.at("/status/updateRevision")));
    }

    private static String image(JsonNode pod) {
        return Json.named(pod.path("spec"), "initContainers", "log-collector")
                .map(container -> container.path("image").asText())
                .orElse("");
    }
}

package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Quantity;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.MemoryCgroup;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.support.TestCluster;
import io.sidecaroperator.support.UnpackedImage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The chart's memory limit holds what it promises: the image's own runtime and JVM options, in a cgroup of that size,
 * with many Deployments ({@code -Pexhaustive}: 1,000 of 5 pods) that roll out, twice.
 */
class MemoryIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final boolean ALL = RandomRuns.exhaustive();
    private static final int DEPLOYMENTS = ALL ? 1_000 : 40;
    private static final int REPLICAS = ALL ? 5 : 3;
    private static final int AT_A_TIME = ALL ? 200 : 40;
    /** What has to stay free of the limit. */
    private static final double MARGIN = 0.15;
    /** The exit code of a JVM with {@code ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private static final Duration LONG = Duration.ofMinutes(20);
    private static UnpackedImage image;

    private final Installation installation = Installation.install(CLUSTER);
    private final Instant start = Instant.now();
    private final String namespace = CLUSTER.namespace("memory", Map.of());

    @BeforeAll
    static void unpack() throws IOException {
        image = UnpackedImage.unpack();
    }

    @AfterAll
    static void delete() {
        if (image != null) {
            image.close();
        }
    }

    @Test
    void theLimitOfTheChartHoldsManyDeploymentsThatRollOut() throws Exception {
        long limit = limit();
        try (MemoryCgroup cgroup = MemoryCgroup.of(limit);
                OperatorRun operator = start(cgroup, List.of())) {
            operator.ready();
            say("idle", cgroup);
            create();
            say("with " + DEPLOYMENTS + " Deployments", cgroup);

            roll("4.2.0", operator, cgroup);
            say("first injection", cgroup);
            if (ALL) {
                roll("4.2.1", operator, cgroup);
                say("second revision", cgroup);
            }
            assertThat(operator.terminate()).as("exit code").isZero();
            assertThat(cgroup.peakMiB()).as("MiB at most, of %d", limit >> 20).isLessThanOrEqualTo((long)
                    ((limit >> 20) * (1 - MARGIN)));
        }
    }

    /** A JVM without memory may answer some requests and hang on others, so it ends and the kubelet starts it again. */
    @Test
    void anOperatorThatIsOutOfMemoryEndsWithAnExitCodeOfItsOwn() throws Exception {
        try (MemoryCgroup cgroup = MemoryCgroup.of(limit());
                OperatorRun operator = start(cgroup, List.of("-Xmx16m"))) {
            assertThat(operator.exitCode()).isEqualTo(OUT_OF_MEMORY);
            assertThat(operator.log()).contains("Terminating due to java.lang.OutOfMemoryError");
        }
    }

    /** Other tests share the cluster. */
    @AfterEach
    void cleanUp() {
        CLUSTER.kubectl("", "delete", "namespace", namespace, "--wait=false").ok();
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> CLUSTER.list("replicaset", namespace, "limit=1").isEmpty());
    }

    private OperatorRun start(MemoryCgroup cgroup, List<String> jvm) throws IOException {
        return OperatorRun.start(
                installation,
                new OperatorRun.Runtime(cgroup.command(image.command(jvm)), image.environment()),
                List.of());
    }

    /** Returns the limit of the chart, as {@code deploy/install.yaml} has it, in bytes. */
    private static long limit() {
        JsonNode container = Manifests.parse(Checkout.read("deploy/install.yaml"))
                .only("Deployment")
                .at("/spec/template/spec/containers/0");
        return Quantity.value(container.at("/resources/limits/memory"))
                .orElseThrow()
                .longValueExact();
    }

    private void create() {
        ArrayNode items = Json.array();
        for (int number = 0; number < DEPLOYMENTS; number++) {
            items.add(BusyDeployment.of(namespace, number, REPLICAS));
        }
        ObjectNode list = Json.object().put("apiVersion", "v1").put("kind", "List");
        CLUSTER.kubectl(Json.text(list.set("items", items)), "create", "-f", "-")
                .ok();
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> CLUSTER.list("deployment", namespace, "resourceVersion=0").stream()
                                .filter(deployment -> deployment
                                                .at("/status/availableReplicas")
                                                .asInt()
                                        == REPLICAS)
                                .count()
                        == DEPLOYMENTS);
    }

    private void roll(String tag, OperatorRun operator, MemoryCgroup cgroup) throws InterruptedException {
        CLUSTER.kubectl("""
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: logs}
                spec:
                  selector: {matchLabels: {logs: collected}}
                  sharedVolumes:
                  - {name: app-logs, mountPath: /var/log/app, envVar: LOG_DIR, emptyDir: {sizeLimit: 1Gi}}
                  sidecars: [{name: log-collector, image: "fluent/fluent-bit:%s"}]
                  rollout: {maxConcurrent: %d}
                """.formatted(tag, AT_A_TIME), "apply", "--namespace", namespace, "-f", "-")
                .ok();
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> !operator.runs() || isRolledOut(CLUSTER.get("sidecarpolicy", namespace, "logs")));
        if (!operator.runs()) {
            int exitCode = operator.exitCode();
            throw new AssertionError("ended with exit code " + exitCode
                    + (cgroup.killed(exitCode) ? ", killed for its memory (" : " (") + cgroup + ")\n"
                    + operator.log());
        }
    }

    private static boolean isRolledOut(ObjectNode policy) {
        boolean ready = StreamSupport.stream(policy.at("/status/conditions").spliterator(), false)
                .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True"));
        return ready
                && policy.at("/status/observedGeneration").asLong()
                        == policy.at("/metadata/generation").asLong()
                && policy.at("/status/workloads/injected").asInt() == DEPLOYMENTS
                && policy.at("/status/workloads/progressing").asInt() == 0;
    }

    private void say(String when, MemoryCgroup cgroup) {
        long seconds = Duration.between(start, Instant.now()).toSeconds();
        System.out.println("Memory, " + when + ": " + cgroup + " (after " + seconds + " s)");
    }
}

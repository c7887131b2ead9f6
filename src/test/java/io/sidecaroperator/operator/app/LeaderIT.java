package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Only one of several operators changes the cluster: the holder of the lease. */
class LeaderIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final Pattern LEADS = Pattern.compile("(?m)^sidecar_operator_leader 1\\.0$");
    private static final Pattern STANDS_BY = Pattern.compile("(?m)^sidecar_operator_leader 0\\.0$");
    private static final int MANY = 12;
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final Installation installation = Installation.install(CLUSTER);
    private final String namespace = CLUSTER.namespace("leader", Map.of());

    @Test
    void whenTheLeaderIsLostTheNextOneTakesOverAndNothingIsWrittenTwice() throws Exception {
        Audit audit = Audit.fromNow(CLUSTER, installation.user());
        applyPolicy();
        try (OperatorRun first =
                OperatorRun.start(installation, "--workload-webhook", "false").ready()) {
            awaitMetric(first, LEADS, Duration.ofMinutes(2));
            try (OperatorRun second = OperatorRun.start(installation, "--workload-webhook", "false")
                    .ready()) {
                assertThat(metrics(second)).containsPattern(STANDS_BY);
                apply("one");
                awaitInjected("one");
                assertThat(metrics(second)).containsPattern(STANDS_BY);

                first.kill();
                apply("two");

                awaitMetric(second, LEADS, Duration.ofMinutes(2));
                assertThat(second.log()).contains("Leading: ");
                awaitInjected("two");
                assertThat(done(audit.in(namespace, "patch", "deployments"))).isEqualTo(2);
                assertThat(done(audit.in(namespace, "create", "controllerrevisions")))
                        .isOne();

                // A deleted lease is taken again before another replica can have it.
                kubectl("delete", "lease", "sidecar-operator");
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> CLUSTER.find("lease", installation.namespace(), "sidecar-operator")
                                .isPresent());
                assertThat(metrics(second)).containsPattern(LEADS);
                kubectl(
                        "patch",
                        "lease",
                        "sidecar-operator",
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"holderIdentity\":\"thief\"}}");

                assertThat(second.exitCode()).isOne();
                assertThat(second.log())
                        .contains("the lease " + installation.namespace() + "/sidecar-operator is held by thief now");
            }
        }
    }

    /**
     * While a process is not the leader, its caches know new workloads, but it does not reconcile them. If the next
     * leader forgot them, a policy that is deleted at that moment would go at once and leave every sidecar behind.
     */
    @Test
    void theNextLeaderLooksAtWhatCameWhileItStoodByBeforeItLetsAPolicyGo() throws Exception {
        try (OperatorRun first =
                OperatorRun.start(installation, "--workload-webhook", "false").ready()) {
            awaitMetric(first, LEADS, Duration.ofMinutes(2));
            try (OperatorRun second = OperatorRun.start(installation, "--workload-webhook", "false")
                    .ready()) {
                applyPolicy();
                for (int i = 0; i < MANY; i++) {
                    apply("late-" + i);
                }
                for (int i = 0; i < MANY; i++) {
                    awaitInjected("late-" + i);
                }

                first.kill();
                inNamespace("delete", "sidecarpolicy", "logs", "--wait=false");
                awaitMetric(second, LEADS, Duration.ofMinutes(2));

                await().atMost(Duration.ofMinutes(2))
                        .until(() ->
                                CLUSTER.find("sidecarpolicy", namespace, "logs").isEmpty());
                assertThat(inNamespace("get", "deployments", "-o", "yaml"))
                        .doesNotContain("log-collector")
                        .doesNotContain("sidecar-operator.io/receipt");
            }
        }
    }

    @Test
    void whoeverEndsInOrderLeavesTheLeaseToTheNext() throws Exception {
        try (OperatorRun first = OperatorRun.start(installation).ready()) {
            awaitMetric(first, LEADS, Duration.ofMinutes(2));
            try (OperatorRun second = OperatorRun.start(installation).ready()) {
                assertThat(first.terminate()).isZero();

                JsonNode lease = Json.parse(kubectl("get", "lease", "sidecar-operator", "-o", "json"));
                awaitMetric(second, LEADS, Duration.ofMinutes(2));
                assertThat(first.log()).contains("Left the lease ");
                assertThat(lease.at("/spec/leaseDurationSeconds").asInt())
                        .as("released, or already the next one's")
                        .isIn(1, (int) LEASE.toSeconds());
                assertThat(second.terminate()).isZero();
            }
        }
    }

    /**
     * How many of the requests the API server has carried out. The others failed: another writer changed or created the
     * object at the same moment.
     */
    private static long done(List<JsonNode> requests) {
        return requests.stream()
                .filter(event -> event.at("/responseStatus/code").asInt() < 300)
                .count();
    }

    private void applyPolicy() {
        CLUSTER.kubectl(
                        Checkout.read("examples/log-collector/policy.yaml")
                                .replace("namespace: shop", "namespace: " + namespace),
                        "apply",
                        "-f",
                        "-")
                .ok();
    }

    private void apply(String name) {
        CLUSTER.kubectl("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: NAME}
                spec:
                  selector: {matchLabels: {app: NAME}}
                  template:
                    metadata: {labels: {app: NAME, logs: collected}}
                    spec: {containers: [{name: web, image: web:1}]}
                """.replace("NAME", name), "apply", "--namespace", namespace, "-f", "-")
                .ok();
    }

    private void awaitInjected(String name) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> CLUSTER.get("deployment", namespace, name)
                        .at("/spec/template/metadata/annotations")
                        .has("sidecar-operator.io/receipt"));
    }

    private String kubectl(String... arguments) {
        return kubectlIn(installation.namespace(), arguments);
    }

    private String inNamespace(String... arguments) {
        return kubectlIn(namespace, arguments);
    }

    private static String kubectlIn(String namespace, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--namespace";
        all[1] = namespace;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return CLUSTER.kubectl("", all).ok().out();
    }

    private static void awaitMetric(OperatorRun operator, Pattern expected, Duration limit) {
        await().atMost(limit).until(() -> expected.matcher(metrics(operator)).find());
    }

    private static String metrics(OperatorRun operator) throws IOException, InterruptedException {
        return operator.get("/metrics").body();
    }
}

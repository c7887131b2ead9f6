package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shipped permissions are exactly those that the process uses, by the API server's own log. */
class PermissionsIT {
    private static final TestCluster CLUSTER = TestCluster.get();

    /** Granted by the ClusterRole system:basic-user. */
    private static final Set<String> GRANTED_TO_EVERYBODY = Set.of(
            "create selfsubjectreviews.authentication.k8s.io", "create selfsubjectrulesreviews.authorization.k8s.io");

    /** Granted for what the operator does only during a rollout or with a long history; the comments name the use. */
    private static final Set<String> FOR_OTHER_DAYS = Set.of(
            // The pods of workloads that are rolling out are checked for failing sidecars.
            "list pods",
            // For a policy that has had more revisions than it keeps: RevisionsIT.
            "delete controllerrevisions.apps");

    private static final List<String> WORKLOADS =
            List.of("deployments", "statefulsets", "daemonsets", "replicasets", "cronjobs");

    private final Installation installation = Installation.install(CLUSTER);

    @Test
    void verbsUsedAreTheVerbsGranted() throws Exception {
        CLUSTER.kubectl("", "delete", "mutatingwebhookconfiguration", "sidecar-operator", "--ignore-not-found")
                .ok();
        // The first start must also create the lease. It would take over a lease of another test.
        CLUSTER.kubectl(
                        "",
                        "delete",
                        "lease",
                        "sidecar-operator",
                        "--namespace",
                        installation.namespace(),
                        "--ignore-not-found")
                .ok();
        String namespace = CLUSTER.namespace("permissions", Map.of());
        String policy = Checkout.read("examples/log-collector/policy.yaml")
                .replace("namespace: shop", "namespace: " + namespace);
        Audit audit = Audit.fromNow(CLUSTER, installation.user());

        try (OperatorRun operator = OperatorRun.start(installation).ready()) {
            CLUSTER.kubectl(workloads(namespace), "apply", "-f", "-").ok();
            CLUSTER.kubectl(policy, "apply", "-f", "-").ok();
            String clusterPolicy = policy.replace("kind: SidecarPolicy", "kind: ClusterSidecarPolicy")
                    .replaceAll("\n  namespace: .*", "")
                    .replace("spec:\n", "spec:\n  namespaceSelector: {matchLabels: {permissions: none}}\n");
            CLUSTER.kubectl(clusterPolicy, "apply", "-f", "-").ok();
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> WORKLOADS.stream()
                            .allMatch(
                                    kind -> !audit.in(namespace, "patch", kind).isEmpty()));
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> !audit.in(namespace, "create", "events").isEmpty());
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> audit.verbs().contains("patch clustersidecarpolicies/status.sidecar-operator.io"));
            CLUSTER.kubectl(policy, "delete", "--timeout=240s", "-f", "-").ok();
            CLUSTER.kubectl(clusterPolicy, "delete", "--timeout=240s", "-f", "-")
                    .ok();
            assertThat(operator.terminate()).isZero();
        }
        // The second start finds its webhook. The API server logs a watch when it ends.
        OperatorRun.start(installation).ready().close();

        Set<String> allowed = permitted();
        allowed.addAll(GRANTED_TO_EVERYBODY);
        assertThat(allowed).containsAll(FOR_OTHER_DAYS);
        await().untilAsserted(() -> {
            Set<String> used = new TreeSet<>(audit.verbs());
            used.addAll(FOR_OTHER_DAYS);
            assertThat(used).isEqualTo(allowed);
        });
    }

    private static String workloads(String namespace) {
        String selected = """
                ---
                apiVersion: apps/v1
                kind: KIND
                metadata: {name: KIND, namespace: NAMESPACE}
                spec:
                  selector: {matchLabels: {app: KIND}}
                  template:
                    metadata: {labels: {app: KIND, logs: collected}}
                    spec: {containers: [{name: web, image: web:1}]}
                """;
        String cronJob = """
                ---
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly, namespace: NAMESPACE}
                spec:
                  schedule: "0 0 1 1 *"
                  jobTemplate:
                    spec:
                      template:
                        metadata: {labels: {logs: collected}}
                        spec: {restartPolicy: Never, containers: [{name: web, image: web:1}]}
                """;
        return (Stream.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
                                .map(kind -> selected.replaceFirst(
                                                "name: KIND", "name: " + kind.toLowerCase(Locale.ROOT))
                                        .replace("KIND", kind))
                                .collect(Collectors.joining())
                        + cronJob)
                .replace("NAMESPACE", namespace);
    }

    /** What the shipped ClusterRole and Role grant, as {@code verb resource.group}. */
    private static Set<String> permitted() {
        Set<String> verbs = new TreeSet<>();
        Manifests shipped = Manifests.parse(Checkout.read("deploy/install.yaml"));
        Stream.of("ClusterRole", "Role").map(shipped::only).forEach(role -> {
            for (JsonNode rule : role.path("rules")) {
                add(rule, verbs);
            }
        });
        return verbs;
    }

    private static void add(JsonNode rule, Set<String> verbs) {
        String group = rule.at("/apiGroups/0").asText();
        for (JsonNode verb : rule.path("verbs")) {
            for (JsonNode resource : rule.path("resources")) {
                verbs.add(verb.asText() + " " + resource.asText() + (group.isEmpty() ? "" : "." + group));
            }
        }
    }
}

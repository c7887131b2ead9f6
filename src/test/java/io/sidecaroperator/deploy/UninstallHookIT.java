package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the hook's Job runs, with the hook's own account: its permissions suffice, and all of them are used. */
class UninstallHookIT {
    private static final String POLICY = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: KIND
            metadata: {name: NAME, finalizers: [sidecar-operator.io/finalizer]}
            spec:
              selector: {matchLabels: {logs: collected}}
              sidecars: [{name: log-collector, image: "fluent/fluent-bit:4.2.0"}]
            """;

    private static final String STATUS = """
            {"status":{"conditions":[{"type":"Ready","status":"True","reason":"Ready","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
            """;

    /** Granted by the ClusterRole system:basic-user. */
    private static final String GRANTED_TO_EVERYBODY = "create selfsubjectaccessreviews.authorization.k8s.io";

    private final TestCluster cluster = TestCluster.get();
    private final Installation installation = Installation.install(cluster);
    private final String shop = cluster.namespace("hook", Map.of());
    private final String operator = "of-" + shop + "-sidecar-operator";

    @TempDir
    private Path directory;

    @Test
    void itStopsTheOperatorAndCleansTheCluster() throws IOException {
        prepare("{}");
        Audit audit = new Audit(cluster, user());

        CommandRun run = run("{}");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("MutatingWebhookConfiguration " + operator + ": deleted")
                .contains("Deployment " + shop + "/deployment: took out policy " + shop + "/logs; 1 pod restarts");
        assertClean();

        Set<String> permitted = permitted("{}");
        permitted.add(GRANTED_TO_EVERYBODY);
        await().untilAsserted(() -> {
            Set<String> used = new TreeSet<>(audit.verbs());
            // Used when another client changes the object at the same moment: UninstallIT.
            Stream.of("sidecarpolicies", "clustersidecarpolicies")
                    .forEach(kind -> used.add("get " + kind + ".sidecar-operator.io"));
            Stream.of("statefulsets", "daemonsets", "replicasets").forEach(kind -> used.add("get " + kind + ".apps"));
            used.add("get cronjobs.batch");
            assertThat(used).isEqualTo(permitted);
        });
        assertThat(run("{}").ok()).isEqualTo("nothing of sidecar-operator is left to take out\n");
    }

    @Test
    void ofAnOperatorInOneNamespaceItCleansThatNamespaceAndWhatIsTheInstallations() throws IOException {
        String values = "namespaces: [" + shop + "]";
        prepare(values);
        String other = cluster.namespace("other", Map.of());
        kubectl(
                CommandRun.of(deployment("web"), "inject", "--policy", file("SidecarPolicy", "logs"), "-n", other)
                        .ok(),
                "apply",
                "-n",
                other,
                "-f",
                "-");

        CommandRun run = run(values);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertClean();
        assertThat(kubectl("", "get", "deployment", "web", "-n", other, "-o", "yaml"))
                .as("other namespaces were not part of it")
                .contains(Receipt.ANNOTATION);
    }

    private void assertClean() {
        for (String workload : List.of(
                "deployment/deployment",
                "statefulset/statefulset",
                "daemonset/daemonset",
                "replicaset/replicaset",
                "cronjob/nightly")) {
            assertThat(kubectl("", "get", workload, "-n", shop, "-o", "jsonpath={.spec}"))
                    .as(workload)
                    .contains("web:1")
                    .doesNotContain("fluent-bit")
                    .doesNotContain(Receipt.ANNOTATION);
        }
        assertThat(kubectl("", "get", "sidecarpolicy", "logs", "-n", shop, "-o", "jsonpath={.metadata.finalizers}"))
                .isEmpty();
        assertThat(kubectl("", "get", "clustersidecarpolicy", operator, "-o", "jsonpath={.metadata.finalizers}"))
                .isEmpty();
        for (String policy : List.of("sidecarpolicy/logs", "clustersidecarpolicy/" + operator)) {
            assertThat(kubectl("", "get", policy, "-n", shop, "-o", "jsonpath={.status}"))
                    .as("a status that nobody keeps true")
                    .isEmpty();
        }
        assertThat(kubectl("", "get", "leases", "-n", installation.namespace(), "-o", "name"))
                .doesNotContain(operator);
        kubectl("", "delete", "clustersidecarpolicy", operator, "--timeout=240s");
        assertThat(kubectl("", "get", "mutatingwebhookconfigurations", "-o", "name"))
                .doesNotContain(operator);
        assertThat(kubectl(
                        "",
                        "get",
                        "deployment",
                        operator,
                        "-n",
                        installation.namespace(),
                        "-o",
                        "jsonpath={.spec.replicas}"))
                .isEqualTo("0");
        kubectl("", "delete", "deployment", operator, "-n", installation.namespace());
    }

    /** Creates an operator's Deployment, its registration, what it injected, and the hook's objects except the Job. */
    private void prepare(String values) throws IOException {
        String release = "of-" + shop;
        Manifests hooks = HelmChart.hooks(release, values);
        kubectl(
                HelmChart.render(release, values)
                        .without("CustomResourceDefinition")
                        .text(),
                "apply",
                "-f",
                "-");
        kubectl(hooks.without("Job").text(), "apply", "-f", "-");
        String policy = file("SidecarPolicy", "logs");
        kubectl(Files.readString(Path.of(policy)), "apply", "-n", shop, "-f", "-");
        kubectl(
                POLICY.replace("KIND", "ClusterSidecarPolicy")
                        .replace("NAME", operator)
                        .replace("spec:\n", "spec:\n  namespaceSelector: {matchLabels: {none: none}}\n"),
                "apply",
                "-f",
                "-");
        for (String policyOfAnOperator : List.of("sidecarpolicy/logs", "clustersidecarpolicy/" + operator)) {
            kubectl("", "patch", policyOfAnOperator, "-n", shop, "--subresource=status", "--type=merge", "-p", STATUS);
        }
        kubectl("""
                apiVersion: coordination.k8s.io/v1
                kind: Lease
                metadata: {name: %s, namespace: %s}
                spec: {holderIdentity: "", leaseDurationSeconds: 1}
                """.formatted(operator, installation.namespace()), "apply", "-f", "-");
        for (String kind : List.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob")) {
            String manifest = kind.equals("CronJob")
                    ? cronJob()
                    : deployment(kind.toLowerCase(Locale.ROOT)).replace("kind: Deployment", "kind: " + kind);
            kubectl(
                    CommandRun.of(manifest, "inject", "--policy", policy, "-n", shop)
                            .ok(),
                    "apply",
                    "-n",
                    shop,
                    "-f",
                    "-");
        }
        kubectl("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingWebhookConfiguration
                metadata: {name: %s}
                webhooks:
                - name: pods.sidecar-operator.io
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  failurePolicy: Ignore
                  clientConfig: {url: "https://127.0.0.1:1/"}
                """.formatted(operator), "apply", "-f", "-");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> kubectl(
                                "",
                                "get",
                                "deployment",
                                operator,
                                "-n",
                                installation.namespace(),
                                "-o",
                                "jsonpath={.status.readyReplicas}")
                        .equals("1"));
    }

    /** Runs the Job's command. Only the options that find the cluster differ, because there is no pod here. */
    private CommandRun run(String values) throws IOException {
        List<String> arguments = new ArrayList<>();
        for (JsonNode argument :
                HelmChart.hooks("of-" + shop, values).only("Job").at("/spec/template/spec/containers/0/args")) {
            if (!argument.asText().equals("--in-cluster")) {
                arguments.add(argument.asText());
            }
        }
        Path kubeconfig = Files.writeString(
                directory.resolve("hook.yaml"), cluster.kubeconfigOf(installation.namespace(), account()));
        arguments.addAll(List.of("--kubeconfig", kubeconfig.toString()));
        return CommandRun.of("", arguments.toArray(String[]::new));
    }

    private String account() {
        return HelmChart.hooks("of-" + shop, "{}")
                .names("ServiceAccount")
                .findFirst()
                .orElseThrow();
    }

    private String user() {
        return "system:serviceaccount:" + installation.namespace() + ":" + account();
    }

    private Set<String> permitted(String values) {
        Set<String> verbs = new TreeSet<>();
        Manifests hooks = HelmChart.hooks("of-" + shop, values);
        Stream.concat(hooks.all("ClusterRole").stream(), hooks.all("Role").stream())
                .flatMap(role -> RbacTest.grants(role).stream())
                .forEach(grant -> {
                    String[] parts = grant.replaceFirst(" \\(only .*\\)", "").split(": ", 2);
                    int slash = parts[0].indexOf('/');
                    String resource =
                            slash < 0 ? parts[0] : parts[0].substring(slash + 1) + "." + parts[0].substring(0, slash);
                    Stream.of(parts[1].split(" ", -1)).forEach(verb -> verbs.add(verb + " " + resource));
                });
        return verbs;
    }

    private String file(String kind, String name) throws IOException {
        return Files.writeString(
                        directory.resolve(name + ".yaml"),
                        POLICY.replace("KIND", kind).replace("NAME", name))
                .toString();
    }

    private static String deployment(String name) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s, logs: collected}}
                    spec: {containers: [{name: web, image: "web:1"}]}
                """.formatted(name);
    }

    private static String cronJob() {
        return """
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly}
                spec:
                  schedule: "0 0 1 1 *"
                  jobTemplate:
                    spec:
                      template:
                        metadata: {labels: {logs: collected}}
                        spec: {restartPolicy: Never, containers: [{name: web, image: "web:1"}]}
                """;
    }

    private String kubectl(String input, String... arguments) {
        return cluster.kubectl(input, arguments).ok().out();
    }
}

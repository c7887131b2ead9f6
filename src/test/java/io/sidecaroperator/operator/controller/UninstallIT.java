package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.cli.cluster.ClusterApi;
import io.sidecaroperator.cli.cluster.Uninstall;
import io.sidecaroperator.cli.cluster.UninstallScope;
import io.sidecaroperator.cli.cluster.WorkloadStrip;
import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uninstall while the operator does not run, on the real control plane. */
class UninstallIT {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final List<String> ALL = List.of(
            "deployment/web",
            "deployment/both",
            "deployment/pods",
            "statefulset/db",
            "daemonset/agent",
            "replicaset/bare",
            "cronjob/nightly");

    private final TestCluster cluster = TestCluster.get();
    private final Installation installation = Installation.install(cluster);
    private final Shop shop = new Shop(cluster, "uninstall");
    private final String operator = "operator-of-" + shop.namespace();

    @TempDir
    private Path directory;

    /**
     * Operators of other tests have left their registrations. Where another operator is registered, cluster policies
     * stay.
     */
    @BeforeEach
    void forgetOtherOperators() {
        cluster.kubectl("", "delete", "mutatingwebhookconfigurations", "--all").ok();
    }

    @Test
    void everythingIsTakenOutButWhatIsTheUsers() throws IOException {
        Shop doomed = new Shop(cluster, "doomed");
        workloads();
        doomed.apply(Shop.deployment("web"));
        Map<String, String> before = templates();
        String wide = "wide-" + shop.namespace();
        shop.applyAll(
                Shop.policy("logs", "fluent/fluent-bit:4.2.0"),
                policy("goes", "workloads: {names: [web]}"),
                policy("kept", "deletion: Orphan\n  workloads: {names: [kept, both]}"),
                policy("pods", "injection: Pod\n  workloads: {names: [pods]}"),
                policy(
                                wide,
                                "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + shop.namespace()
                                        + "}}\n  workloads: {names: [db]}")
                        .replace("kind: SidecarPolicy", "kind: ClusterSidecarPolicy"));
        doomed.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        try (RunningManager running = RunningManager.start(installation, shop.namespace(), doomed.namespace())) {
            List.of("logs", "goes", "kept", "pods").forEach(shop::awaitReady);
            doomed.awaitReady("logs");
            shop.await("statefulset", "db", db -> hasContainer(db, wide));
        }
        Map<String, String> injected = templates();
        assertThat(injected)
                .allSatisfy((name, template) -> assertThat(template)
                        .as(name)
                        .contains(Receipt.ANNOTATION)
                        .isNotEqualTo(before.get(name)));
        String kept = Json.text(shop.template("kept"));
        register();
        shop.kubectl("delete", "sidecarpolicy", "goes", "--wait=false");
        cluster.kubectl("", "delete", "namespace", doomed.namespace(), "--wait=false")
                .ok();
        shop.apply("apiVersion: v1\nkind: Pod\nmetadata: {name: lone, annotations: {" + Receipt.ANNOTATION + ": '"
                + receipt("web") + "'}}\nspec: {containers: [{name: app, image: web:1}]}\n");
        String me = user("cleaner");
        Audit audit = new Audit(cluster, "system:serviceaccount:" + shop.namespace() + ":cleaner");
        String[] everywhere = {"-n", shop.namespace(), doomed.namespace(), "--whole-installation", "--kubeconfig", me};

        CommandRun shown = uninstall("--dry-run", everywhere);
        assertThat(shown.ok())
                .contains("delete MutatingWebhookConfiguration " + operator)
                .contains("take the finalizer and status off SidecarPolicy " + shop.namespace() + "/logs")
                .contains("take the finalizer and status off ClusterSidecarPolicy " + wide)
                .contains("stay as they are until they end: 1 bare pod, 0 jobs");
        assertThat(audit.verbs()).allMatch(verb -> verb.startsWith("get ") || verb.startsWith("list "));
        CommandRun unasked = uninstall("--stop-operator", everywhere);
        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.err()).contains("give --yes");
        assertThat(templates()).isEqualTo(injected);

        CommandRun run = uninstall("--yes", everywhere);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("Deployment " + shop.namespace() + "/web: took out policy " + shop.namespace() + "/goes, ")
                .contains("1 pod restarts")
                .contains("CronJob " + shop.namespace() + "/nightly: took out policy " + shop.namespace()
                        + "/logs; no pod restarts until its owner rolls it out")
                .contains("Deployment " + shop.namespace() + "/kept: what policy " + shop.namespace()
                        + "/kept added is the user's now; no pod restarts");
        Map<String, String> after = templates();
        assertThat(without(after, "deployment/both")).isEqualTo(without(before, "deployment/both"));
        assertThat(Json.text(shop.template("kept"))).isEqualTo(kept);
        assertThat(shop.get("deployment", "kept")
                        .at("/metadata/annotations")
                        .path(OrphanedAnnotation.NAME)
                        .asText())
                .isEqualTo(shop.namespace() + "/kept");
        JsonNode both = shop.get("deployment", "both");
        assertThat(both.at("/spec/template/metadata").has("annotations")).isFalse();
        assertThat(Json.objects(both.at("/spec/template/spec"), "initContainers")
                        .map(container -> container.path("name").asText()))
                .containsExactly("kept");
        for (String name : ALL) {
            String[] parts = name.split("/", 2);
            JsonNode annotations = shop.get(parts[0], parts[1]).at("/metadata/annotations");
            assertThat(annotations.has(LastWrite.ANNOTATION)).as(name).isFalse();
            assertThat(annotations.has(OrphanedAnnotation.NAME)).as(name).isFalse();
        }
        JsonNode logs = shop.get("sidecarpolicy", "logs");
        assertThat(logs.path("metadata").has("finalizers")).isFalse();
        assertThat(logs.has("status")).as("nobody keeps it true any more").isFalse();
        assertThat(shop.kubectl("get", "sidecarpolicies", "-o", "name"))
                .doesNotContain("/goes")
                .contains("/pods");
        Awaitility.await()
                .atMost(SOON)
                .until(() -> cluster.kubectl("", "get", "namespace", doomed.namespace(), "--ignore-not-found")
                        .ok()
                        .out()
                        .isEmpty());
        assertThat(cluster.kubectl("", "get", "mutatingwebhookconfigurations", "-o", "name")
                        .ok()
                        .out())
                .doesNotContain(operator);

        Audit again = Audit.fromNow(cluster, "system:serviceaccount:" + shop.namespace() + ":cleaner");
        CommandRun second = uninstall("--yes", "-n", shop.namespace(), "--whole-installation", "--kubeconfig", me);
        assertThat(second.ok()).isEqualTo("nothing of sidecar-operator is left to take out\n");
        assertThat(again.writes()).isEmpty();
        CommandRun policies = uninstall("--yes", "-n", shop.namespace(), "--delete-policies", "--kubeconfig", me);
        assertThat(policies.ok()).contains("SidecarPolicy " + shop.namespace() + "/logs: deleted");
        assertThat(shop.kubectl("get", "sidecarpolicies", "-o", "name")).isEmpty();
        cluster.kubectl("", "delete", "clustersidecarpolicy", wide, "--timeout=240s")
                .ok();
    }

    @Test
    void anOperatorThatRunsIsNotWorkedAgainst() throws IOException {
        shop.apply(Shop.deployment("web"));
        injectAndStop("web");
        String injected = Json.text(shop.template("web"));
        lease(60);
        CommandRun held = uninstall("--yes", "-n", shop.namespace());
        assertThat(held.exitCode()).isEqualTo(2);
        assertThat(held.err())
                .contains("an operator runs: lease " + shop.namespace() + "/" + operator + " is held by somebody")
                .contains("kubectl scale deployment/" + operator)
                .contains("--stop-operator");
        assertThat(uninstall("--dry-run", "-n", shop.namespace()).err()).contains("an operator runs");
        assertThat(Json.text(shop.template("web"))).isEqualTo(injected);

        lease(3);
        shop.apply(Shop.deployment(operator).replace("logs: collected", "logs: none"));
        shop.awaitRunning(operator);
        CommandRun ready = uninstall("--yes", "-n", shop.namespace());
        assertThat(ready.exitCode()).isEqualTo(2);
        assertThat(ready.err()).contains("deployment " + shop.namespace() + "/" + operator + " has 1 ready pod");

        CommandRun stopped = uninstall("--yes", "-n", shop.namespace(), "--stop-operator");
        assertThat(stopped.exitCode()).as(stopped.err()).isZero();
        assertThat(shop.kubectl("get", "pods", "-l", "app=" + operator, "-o", "name"))
                .isEmpty();
        assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();
    }

    @Test
    void whatIsRefusedStaysWithItsPoliciesFinalizerUntilItIsRunAgain() {
        shop.applyAll(Shop.deployment("web"), Shop.deployment("locked"));
        injectAndStop("web");
        cluster.kubectl(lock(), "apply", "-f", "-").ok();
        Awaitility.await()
                .atMost(SOON)
                .until(() -> cluster.kubectl(
                                        "",
                                        "-n",
                                        shop.namespace(),
                                        "annotate",
                                        "deployment",
                                        "locked",
                                        "a=b",
                                        "--dry-run=server")
                                .exitCode()
                        != 0);

        CommandRun run = uninstall("--yes", "-n", shop.namespace());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("refused: Deployment " + shop.namespace() + "/locked:")
                .contains("hands off")
                .contains("SidecarPolicy " + shop.namespace() + "/logs: keeps its finalizer");
        assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();
        assertThat(Shop.isPlain(shop.get("deployment", "locked"))).isFalse();
        assertThat(shop.get("sidecarpolicy", "logs").path("metadata").has("finalizers"))
                .isTrue();

        cluster.kubectl(lock(), "delete", "-f", "-").ok();
        Awaitility.await()
                .atMost(SOON)
                .until(() -> uninstall("--yes", "-n", shop.namespace()).exitCode() == 0);
        assertThat(Shop.isPlain(shop.get("deployment", "locked"))).isTrue();
        JsonNode logs = shop.get("sidecarpolicy", "logs");
        assertThat(logs.path("metadata").has("finalizers")).isFalse();
        assertThat(logs.has("status")).as("nobody keeps it true any more").isFalse();
    }

    @Test
    void whatSomebodyChangesMeanwhileIsReadAgain() {
        shop.applyAll(Shop.deployment("a"), Shop.deployment("b"), Shop.deployment("c"));
        injectAndStop("a");
        UninstallScope scope = new UninstallScope(
                List.of(shop.namespace()), false, WorkloadKinds.BUILT_IN, shop.namespace(), Optional.of(operator));
        Config config = Config.fromKubeconfig(read(Path.of(cluster.variable("KUBECONFIG"))));
        try (ClusterApi api = new ClusterApi(config)) {
            Uninstall uninstall = new Uninstall(api, scope, Clock.systemUTC());
            List<String> refusals = new ArrayList<>();
            Uninstall.Result result = uninstall.run(uninstall.plan(), false, new Uninstall.Listener() {
                @Override
                public void step(String what) {}

                @Override
                public void workload(WorkloadStrip workload, int number, int of, Optional<String> refusal) {
                    refusal.ifPresent(refusals::add);
                    if (number == 1) {
                        shop.kubectl("set", "env", "deployment/b", "MODE=changed");
                        shop.kubectl("delete", "deployment", "c");
                    }
                }
            });
            assertThat(refusals).isEmpty();
            assertThat(result.refused()).isEmpty();
        }
        JsonNode b = shop.get("deployment", "b");
        assertThat(Shop.isPlain(b)).isTrue();
        assertThat(b.at("/spec/template/spec/containers/0/env/0/value").asText())
                .isEqualTo("changed");
        assertThat(b.at("/spec/template/spec").has("initContainers")).isFalse();
    }

    @Test
    void whoMayTooLittleIsToldBeforeAnythingIsWritten() throws IOException {
        shop.applyAll(Shop.deployment("web"), Shop.workload("StatefulSet", "db"));
        injectAndStop("web");
        String injected = Json.text(shop.template("web"));
        String me = serviceAccount("helper");
        grant("helper", "reads", "get,list", "deployments.apps,sidecarpolicies");
        CommandRun blind = uninstall("--yes", "-n", shop.namespace(), "--kubeconfig", me);
        assertThat(blind.exitCode()).isEqualTo(2);
        assertThat(blind.err()).contains("permission to get deployments.apps, leases.coordination.k8s.io");

        grant("helper", "lease", "get", "leases.coordination.k8s.io");
        CommandRun half = uninstall("--yes", "-n", shop.namespace(), "--kubeconfig", me);
        assertThat(half.exitCode()).isEqualTo(2);
        assertThat(half.err()).contains("may not list statefulsets.apps in namespace " + shop.namespace());

        grant("helper", "all", "get,list", "statefulsets.apps,daemonsets.apps,replicasets.apps,cronjobs.batch");
        grant("helper", "patch", "patch", "deployments.apps");
        CommandRun reader = uninstall("--yes", "-n", shop.namespace(), "--kubeconfig", me);
        assertThat(reader.exitCode()).isEqualTo(2);
        assertThat(reader.err())
                .contains("may not patch statefulsets.apps in namespace " + shop.namespace())
                .contains("may not patch sidecarpolicies.sidecar-operator.io in namespace " + shop.namespace())
                .contains("nothing was changed")
                .doesNotContain("may not patch deployments");
        assertThat(Json.text(shop.template("web"))).isEqualTo(injected);
        CommandRun everywhere = uninstall("--yes", "--kubeconfig", me);
        assertThat(everywhere.exitCode()).isEqualTo(2);
        assertThat(everywhere.err()).contains("may not list mutatingwebhookconfigurations");
    }

    private CommandRun uninstall(String first, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("uninstall", first, "--operator-name", operator, "--operator-namespace", shop.namespace()));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--kubeconfig")) {
            arguments.addAll(List.of("--kubeconfig", cluster.variable("KUBECONFIG")));
        }
        return CommandRun.of("", arguments.toArray(String[]::new));
    }

    private void workloads() {
        shop.applyAll(
                Shop.deployment("web"),
                Shop.deployment("both"),
                Shop.deployment("kept").replace("logs: collected", "other: x"),
                Shop.deployment("pods").replace("logs: collected", "other: x"),
                Shop.workload("StatefulSet", "db"),
                Shop.workload("DaemonSet", "agent"),
                Shop.workload("ReplicaSet", "bare"),
                Shop.workload("CronJob", "nightly"));
        List.of("web", "both", "kept", "pods").forEach(shop::awaitRunning);
    }

    private Map<String, String> templates() {
        Map<String, String> templates = new TreeMap<>();
        for (String name : ALL) {
            String[] parts = name.split("/", 2);
            JsonNode object = shop.get(parts[0], parts[1]);
            templates.put(
                    name,
                    Json.text(object.at(
                            name.startsWith("cronjob") ? "/spec/jobTemplate/spec/template" : "/spec/template")));
        }
        return templates;
    }

    private static Map<String, String> without(Map<String, String> templates, String name) {
        Map<String, String> others = new TreeMap<>(templates);
        others.remove(name);
        return others;
    }

    private static boolean hasContainer(JsonNode workload, String name) {
        return Json.named(workload.at("/spec/template/spec"), "initContainers", name)
                .isPresent();
    }

    private String receipt(String deployment) {
        return shop.template(deployment)
                .at("/metadata/annotations")
                .path(Receipt.ANNOTATION)
                .asText();
    }

    /** Injects the policy logs, and stops the operator. */
    private void injectAndStop(String deployment) {
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0") + "  rollout: {maxConcurrent: 10}\n");
        try (RunningManager running = RunningManager.start(installation, shop.namespace())) {
            shop.awaitReady("logs");
        }
        assertThat(Shop.retains(shop.get("deployment", deployment), "log-collector"))
                .isTrue();
    }

    private static String policy(String name, String more) {
        return """
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: %1$s}
                spec:
                  %2$s
                  selector: {}
                  sidecars: [{name: %1$s, image: "example/%1$s:1"}]
                """.formatted(name, more);
    }

    private void register() {
        cluster.kubectl("""
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: MutatingWebhookConfiguration
                        metadata: {name: %s}
                        webhooks:
                        - name: pods.sidecar-operator.io
                          admissionReviewVersions: [v1]
                          sideEffects: None
                          failurePolicy: Ignore
                          clientConfig: {url: "https://127.0.0.1:1/"}
                        """.formatted(operator), "apply", "-f", "-").ok();
    }

    private void lease(int seconds) {
        shop.apply("""
                apiVersion: coordination.k8s.io/v1
                kind: Lease
                metadata: {name: %s}
                spec: {holderIdentity: somebody, leaseDurationSeconds: %d, renewTime: "%s"}
                """.formatted(
                operator, seconds, Instant.now().truncatedTo(ChronoUnit.MICROS).plusNanos(1_000)));
    }

    private String lock() {
        return """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  failurePolicy: Fail
                  matchConstraints:
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %2$s}}
                    resourceRules:
                    - {apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments], resourceNames: [locked]}
                  validations: [{expression: "false", message: hands off}]
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec: {policyName: %1$s, validationActions: [Deny]}
                """.formatted(operator, shop.namespace());
    }

    private String user(String name) throws IOException {
        String kubeconfig = serviceAccount(name);
        cluster.kubectl(
                        "",
                        "create",
                        "clusterrolebinding",
                        operator,
                        "--clusterrole=cluster-admin",
                        "--serviceaccount=" + shop.namespace() + ":" + name)
                .ok();
        return kubeconfig;
    }

    private String serviceAccount(String name) throws IOException {
        shop.kubectl("create", "serviceaccount", name);
        return Files.writeString(directory.resolve(name + ".yaml"), cluster.kubeconfigOf(shop.namespace(), name))
                .toString();
    }

    private void grant(String account, String role, String verbs, String resources) {
        shop.kubectl("create", "role", role, "--verb=" + verbs, "--resource=" + resources);
        shop.kubectl(
                "create",
                "rolebinding",
                role,
                "--role=" + role,
                "--serviceaccount=" + shop.namespace() + ":" + account);
        String[] last = resources.substring(resources.lastIndexOf(',') + 1).split("\\.", 2);
        String verb = verbs.substring(verbs.lastIndexOf(',') + 1);
        String group = last.length > 1 ? last[1] : "sidecar-operator.io";
        cluster.awaitAllowed(shop.namespace(), account, verb, group, last[0]);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the preview says is what then happens: which templates change, and which pods are replaced. */
class DiffClusterIT {
    private static final Duration SOON = Duration.ofMinutes(3);

    private final TestCluster cluster = TestCluster.get();
    private final Installation installation = Installation.install(cluster);
    private final Shop shop = new Shop(cluster, "diff");

    @TempDir
    private Path directory;

    @Test
    void itSaysExactlyWhatTheOperatorThenDoes() throws IOException {
        workloads();
        Path enforced = Files.writeString(directory.resolve("enforced.yaml"), policy("enforced", ""));
        shop.applyAll(policy("audited", "mode: Audit"), policy("paused", "rollout: {paused: true}"));

        JsonNode said = json("-f", enforced.toString());
        Seen before = see();
        assertThat(changes(said, ""))
                .as("from the file, without a running operator")
                .containsExactly(
                        "CronJob nightly Inject 0",
                        "DaemonSet agent Inject 1",
                        "Deployment both Inject 1",
                        "Deployment idle Inject 0",
                        "Deployment web Inject 2",
                        "StatefulSet db Inject 2");
        assertThat(changes(said, "Audited"))
                .containsExactly("Deployment both Inject 1", "Deployment looked-at Inject 1");
        assertThat(changes(said, "Paused")).containsExactly("Deployment waits Inject 1");
        assertThat(said.at("/exceptions"))
                .singleElement()
                .matches(refused -> refused.path("name").asText().equals("taken")
                        && refused.path("reason").asText().equals("ContainerNameTaken"));
        assertThat(said.at("/now/pods").asInt()).isEqualTo(6);
        assertThat(said.path("pods").asInt()).isEqualTo(8);

        shop.apply(policy("enforced", ""));
        try (RunningManager running = RunningManager.start(installation, shop.namespace())) {
            shop.awaitReady("enforced");
            awaitReplaced(before, Map.of("agent", 1, "both", 1, "web", 2, "db", 2));
            Seen enforcing = see();
            assertThat(enforcing.changedSince(before))
                    .isEqualTo(Set.of("agent", "both", "db", "idle", "nightly", "web"));

            JsonNode now = json();
            assertThat(changes(now, "")).isEmpty();
            assertThat(changes(now, "Audited")).isEqualTo(changes(said, "Audited"));
            assertThat(changes(now, "Paused")).isEqualTo(changes(said, "Paused"));
            JsonNode preview = awaitPreview("audited", 2).at("/status/preview");
            assertThat(preview.path("pods").asInt()).isEqualTo(2);
            assertThat(listed(preview)).isEqualTo(changes(now, "Audited"));

            shop.apply(policy("audited", "mode: Enforce"));
            shop.awaitPolicy("audited", found -> !found.path("status").has("preview"));
            shop.awaitReady("audited");
            awaitReplaced(enforcing, Map.of("both", 1, "looked-at", 1));
            assertThat(see().changedSince(enforcing)).isEqualTo(Set.of("both", "looked-at"));
            assertThat(changes(json(), "Paused")).isEqualTo(changes(said, "Paused"));
        }
    }

    @Test
    void whatAnAuditedPolicyWouldUpdateAndTakeOutIsInItsStatus() {
        shop.applyAll(labelled("one", "audited", 1), labelled("two", "audited", 2), policy("audited", ""));
        try (RunningManager running = RunningManager.start(installation, shop.namespace())) {
            shop.awaitReady("audited");
            shop.apply(policy("audited", "mode: Audit").replace("audited:1", "audited:2"));
            shop.kubectl("patch", "deployment", "one", "--type=json", "-p", """
                    [{"op": "remove", "path": "/spec/template/metadata/labels/audited"}]""");
            awaitPreview("audited", 2);
            JsonNode preview = shop.awaitPolicy(
                            "audited",
                            found -> listed(found.at("/status/preview"))
                                    .equals(List.of("Deployment one Remove 1", "Deployment two Update 2")))
                    .at("/status/preview");
            assertThat(changes(json(), "Audited")).isEqualTo(listed(preview));

            shop.kubectl("scale", "deployment", "two", "--replicas", "3");
            shop.awaitPolicy(
                    "audited", found -> found.at("/status/preview/pods").asInt() == 4);

            List.of("one", "two")
                    .forEach(name -> shop.kubectl("rollout", "status", "deployment/" + name, "--timeout=240s"));
            Seen before = see();
            shop.apply(policy("audited", "mode: Enforce").replace("audited:1", "audited:2"));
            shop.awaitReady("audited");
            awaitReplaced(before, Map.of("one", 1, "two", 3));
            assertThat(see().changedSince(before)).isEqualTo(Set.of("one", "two"));
            CommandRun nothing = diff();
            assertThat(nothing.exitCode()).as(nothing.out()).isZero();
        }
    }

    @Test
    void aReaderOfOneNamespaceIsToldWhatIsMissingAndNothingIsWritten() throws IOException {
        workloads();
        shop.apply(policy("audited", "mode: Audit"));
        shop.kubectl("create", "serviceaccount", "reader");
        shop.kubectl("create", "role", "reader", "--verb=get,list", "--resource=deployments.apps,sidecarpolicies");
        shop.kubectl(
                "create", "rolebinding", "reader", "--role=reader", "--serviceaccount=" + shop.namespace() + ":reader");
        cluster.awaitAllowed(shop.namespace(), "reader", "list", "apps", "deployments");
        String kubeconfig = kubeconfig();

        CommandRun all = CommandRun.of("", "diff", "--cluster", "--kubeconfig", kubeconfig);
        assertThat(all.exitCode()).isEqualTo(2);
        assertThat(all.err()).contains("may not list clustersidecarpolicies.sidecar-operator.io in all namespaces");

        CommandRun some = CommandRun.of(
                "", "diff", "--cluster", "--kubeconfig", kubeconfig, "-n", shop.namespace(), "-o", "summary");
        assertThat(some.exitCode()).as(some.err()).isEqualTo(1);
        assertThat(some.out()).contains("2 workloads would change and 2 pods restart");
        assertThat(some.err())
                .contains("may not get namespace " + shop.namespace() + ": its labels do not count")
                .contains("may not list statefulsets.apps in namespace " + shop.namespace());

        String user = "system:serviceaccount:" + shop.namespace() + ":reader";
        Set<String> verbs = cluster.audit(0, user).stream()
                .map(event -> event.path("verb").asText())
                .collect(Collectors.toSet());
        assertThat(verbs).isEqualTo(Set.of("get", "list"));
    }

    /** Templates by name of workload, and uids of pods by the same name. */
    private record Seen(Map<String, String> templates, Map<String, Set<String>> pods) {
        Set<String> changedSince(Seen before) {
            return templates.entrySet().stream()
                    .filter(entry -> !entry.getValue().equals(before.templates.get(entry.getKey())))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** Returns how many pods of each workload no longer exist. */
        Map<String, Integer> replacedSince(Seen before) {
            Map<String, Integer> replaced = new HashMap<>();
            before.pods.forEach((name, uids) -> {
                int gone = (int) uids.stream()
                        .filter(uid -> !pods.getOrDefault(name, Set.of()).contains(uid))
                        .count();
                if (gone > 0) {
                    replaced.put(name, gone);
                }
            });
            return replaced;
        }
    }

    private Seen see() {
        Map<String, String> templates = new TreeMap<>();
        items("deployments,statefulsets,daemonsets")
                .forEach(workload -> templates.put(
                        workload.at("/metadata/name").asText(), Json.text(workload.at("/spec/template"))));
        items("cronjobs")
                .forEach(workload -> templates.put(
                        workload.at("/metadata/name").asText(),
                        Json.text(workload.at("/spec/jobTemplate/spec/template"))));
        Map<String, Set<String>> pods = new TreeMap<>();
        items("pods")
                .forEach(pod -> pods.computeIfAbsent(
                                pod.at("/metadata/labels/app").asText(), none -> new TreeSet<>())
                        .add(pod.at("/metadata/uid").asText()));
        return new Seen(templates, pods);
    }

    private Iterable<JsonNode> items(String kinds) {
        return Json.parse(shop.kubectl("get", kinds, "-o", "json")).path("items");
    }

    private void awaitReplaced(Seen before, Map<String, Integer> replaced) {
        Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            Seen now = see();
            assertThat(now.replacedSince(before)).isEqualTo(replaced);
            before.pods()
                    .forEach((name, uids) ->
                            assertThat(now.pods().get(name)).as(name).hasSameSizeAs(uids));
        });
    }

    private JsonNode awaitPreview(String policy, int workloads) {
        return shop.awaitPolicy(
                policy, found -> found.at("/status/preview/workloads").asInt(-1) == workloads);
    }

    /** Returns the changes that are pending for this reason, as in the table. */
    private static List<String> changes(JsonNode said, String pendingFor) {
        List<String> lines = new ArrayList<>();
        said.path("changes")
                .forEach(change -> change.path("policies").forEach(policy -> {
                    if (policy.path("heldBy").asText("").equals(pendingFor)) {
                        lines.add(change.path("kind").asText() + " "
                                + change.path("name").asText() + " "
                                + policy.path("change").asText() + " "
                                + change.path("pods").asInt());
                    }
                }));
        return lines.stream().sorted().toList();
    }

    private static List<String> listed(JsonNode preview) {
        return StreamSupport.stream(preview.path("changes").spliterator(), false)
                .map(entry ->
                        entry.path("kind").asText() + " " + entry.path("name").asText() + " "
                                + entry.path("change").asText() + " "
                                + entry.path("pods").asInt())
                .sorted()
                .toList();
    }

    private JsonNode json(String... more) {
        List<String> arguments = new ArrayList<>(List.of("-o", "json"));
        arguments.addAll(List.of(more));
        CommandRun run = diff(arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isLessThan(2);
        return Json.parse(run.out());
    }

    private CommandRun diff(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("diff", "--cluster", "--kubeconfig", cluster.variable("KUBECONFIG"), "-n", shop.namespace()));
        arguments.addAll(List.of(more));
        return CommandRun.of("", arguments.toArray(String[]::new));
    }

    private String kubeconfig() throws IOException {
        return Files.writeString(directory.resolve("reader.yaml"), cluster.kubeconfigOf(shop.namespace(), "reader"))
                .toString();
    }

    /** Workloads with a label for each policy that is to select them, all of them running. */
    private void workloads() {
        shop.applyAll(
                labelled("web", "enforced", 2),
                labelled("both", "enforced", 1).replace("enforced: x", "enforced: x, audited: x"),
                labelled("idle", "enforced", 0),
                labelled("taken", "enforced", 1).replace("name: app\n", "name: enforced\n"),
                labelled("looked-at", "audited", 1),
                labelled("waits", "paused", 1),
                labelled("other", "nothing", 1),
                Shop.workload("StatefulSet", "db")
                        .replace("replicas: 1", "replicas: 2")
                        .replace("logs: collected", "enforced: x"),
                Shop.workload("DaemonSet", "agent").replace("logs: collected", "enforced: x"),
                Shop.workload("CronJob", "nightly").replace("logs: collected", "enforced: x"));
        List.of("web", "both", "taken", "looked-at", "waits", "other")
                .forEach(name -> shop.kubectl("rollout", "status", "deployment/" + name, "--timeout=240s"));
        shop.kubectl("rollout", "status", "statefulset/db", "--timeout=240s");
        shop.kubectl("rollout", "status", "daemonset/agent", "--timeout=240s");
    }

    private static String labelled(String name, String policy, int replicas) {
        return Shop.deployment(name)
                .replace("logs: collected", policy + ": x")
                .replace("replicas: 1", "replicas: " + replicas);
    }

    /** A policy that selects by a label of its own name. */
    private static String policy(String name, String more) {
        return """
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: %1$s}
                spec:
                  %2$s
                  selector: {matchLabels: {%1$s: x}}
                  sidecars: [{name: %1$s, image: "example/%1$s:1"}]
                """.formatted(name, more);
    }
}

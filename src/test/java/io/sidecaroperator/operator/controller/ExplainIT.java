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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What explain says about the workloads of a cluster is what the operator says in the status of the policies. */
class ExplainIT {
    private static final List<String> POLICIES = List.of("audited", "paused", "refused", "opted", "slow");

    private final TestCluster cluster = TestCluster.get();
    private final Installation installation = Installation.install(cluster);
    private final Shop shop = new Shop(cluster, "explain");

    @TempDir
    private Path directory;

    @Test
    void itSaysWhatStatusSays() throws IOException {
        shop.applyAll(
                labelled("looked-at", "audited"),
                labelled("stays", "paused"),
                labelled("taken", "refused").replace("name: app\n", "name: refused\n"),
                labelled("no-thanks", "opted").replace("opted: x", "opted: x, sidecar-operator.io/inject: \"false\""),
                labelled("slow-a", "slow"),
                labelled("slow-b", "slow"),
                labelled("other", "nothing"));
        List.of("looked-at", "slow-a", "slow-b")
                .forEach(name -> shop.kubectl("rollout", "status", "deployment/" + name, "--timeout=240s"));
        shop.applyAll(
                policy("audited", "mode: Audit"),
                policy("paused", "rollout: {paused: true}"),
                policy("refused", ""),
                policy("opted", ""),
                policy("slow", "rollout: {minReadySeconds: 600, progressDeadlineSeconds: 900}"));

        JsonNode before = policyOf(workload(json("-n", shop.namespace()), "slow-a"), "slow");
        assertThat(before.path("decision").asText()).isEqualTo("Inject");
        assertThat(before.at("/noted/0").asText())
                .isEqualTo("the operator has not taken up the policy as it is now: does it run?");

        try (RunningManager running = RunningManager.start(installation, shop.namespace())) {
            shop.awaitCounts("slow", counts(2, 1, 1, 0, 0, 1));
            shop.awaitCounts("audited", counts(1, 0, 1, 0, 0, 0));
            shop.awaitCounts("paused", counts(1, 0, 1, 0, 0, 0));
            shop.awaitCounts("refused", counts(1, 0, 0, 1, 0, 0));
            shop.awaitCounts("opted", counts(1, 0, 0, 0, 1, 0));

            JsonNode said = json("-n", shop.namespace());
            for (String policy : POLICIES) {
                assertThat(counted(said, policy)).as(policy).isEqualTo(ofStatus(policy));
            }
            assertThat(policyOf(workload(said, "looked-at"), "audited")
                            .path("reason")
                            .asText())
                    .isEqualTo("Audited");
            assertThat(policyOf(workload(said, "stays"), "paused")
                            .path("reason")
                            .asText())
                    .isEqualTo("Paused");
            assertSameException(said, "refused", "taken");
            assertSameException(said, "opted", "no-thanks");
            slow(said);
            assertThat(workload(said, "other").path("policies")).isEmpty();
            assertThat(workload(said, "other").path("misses")).hasSize(POLICIES.size());
            files();
        }
    }

    /** One of the two has got the policy, and the other waits until it has run for long enough. */
    private void slow(JsonNode said) {
        List<JsonNode> both = List.of(workload(said, "slow-a"), workload(said, "slow-b"));
        JsonNode first = both.stream()
                .filter(one -> policyOf(one, "slow").path("decision").asText().equals("Inject"))
                .findFirst()
                .orElseThrow();
        JsonNode second = both.stream().filter(one -> one != first).findFirst().orElseThrow();
        String revision = policyOf(first, "slow").path("revision").asText();
        assertThat(policyOf(first, "slow").path("carriedRevision").asText()).isEqualTo(revision);
        assertThat(first.at("/noted/0").asText())
                .contains("gave it policy " + shop.namespace() + "/slow at revision " + revision);
        JsonNode waits = policyOf(second, "slow");
        assertThat(waits.path("reason").asText()).isEqualTo("AwaitsTurn");
        assertThat(waits.at("/noted/0").asText())
                .isEqualTo("of 2 workloads 1 have it, 1 of them are being rolled out, and 1 wait");

        String pod = shop.kubectl(
                        "get", "pods", "-l", "app=" + first.path("name").asText(), "-o", "name")
                .lines()
                .findFirst()
                .orElseThrow();
        JsonNode byPod = json("-n", shop.namespace(), pod).at("/workloads/0");
        assertThat(byPod.path("kind").asText()).isEqualTo("Deployment");
        assertThat(byPod.path("name")).isEqualTo(first.path("name"));
        assertThat(byPod.at("/noted/0").asText())
                .startsWith("Pod ")
                .contains(" belongs to it by way of ReplicaSet ")
                .endsWith(": its template decides");
    }

    /** A manifest and a policy from files, everything else from the cluster. */
    private void files() throws IOException {
        Path web = Files.writeString(directory.resolve("new.yaml"), labelled("new", "refused"));
        Path more = Files.writeString(
                directory.resolve("more.yaml"), policy("refused", "").replace(":1", ":2"));
        JsonNode said = json("-n", shop.namespace(), "-f", web.toString(), "-p", more.toString());
        JsonNode refused = policyOf(workload(said, "new"), "refused");
        assertThat(refused.path("decision").asText()).isEqualTo("Inject");
        assertThat(refused.at("/noted/0").asText()).startsWith("as if " + more + ", document 1");
        assertThat(workload(said, "new").path("misses")).hasSize(POLICIES.size() - 1);

        CommandRun table =
                run("policies", "--cluster", "-n", shop.namespace(), "deployment/no-thanks", "--kubeconfig", admin());
        assertThat(table.ok()).contains("Deployment " + shop.namespace() + "/no-thanks", "Skip", "OptedOut");
    }

    @Test
    void aReaderOfOneNamespaceIsToldWhatIsMissingAndNothingIsWritten() throws IOException {
        shop.applyAll(labelled("web", "audited"), policy("audited", "mode: Audit"));
        shop.kubectl("create", "serviceaccount", "reader");
        shop.kubectl("create", "role", "reader", "--verb=get,list", "--resource=deployments.apps,sidecarpolicies");
        shop.kubectl(
                "create", "rolebinding", "reader", "--role=reader", "--serviceaccount=" + shop.namespace() + ":reader");
        cluster.awaitAllowed(shop.namespace(), "reader", "list", "apps", "deployments");
        String kubeconfig = kubeconfig();

        CommandRun named =
                run("explain", "--cluster", "--kubeconfig", kubeconfig, "-n", shop.namespace(), "deployment/web");
        assertThat(named.ok())
                .contains("policy " + shop.namespace() + "/audited: not injected", "(Audited)")
                .contains("may not list clustersidecarpolicies.sidecar-operator.io: cluster policies do not count")
                .contains("may not get namespace " + shop.namespace() + ": its labels do not count");

        CommandRun none =
                run("explain", "--cluster", "--kubeconfig", kubeconfig, "-n", shop.namespace(), "deployment/wbe");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err())
                .contains("there is no Deployment wbe in namespace " + shop.namespace() + "; there is Deployment "
                        + shop.namespace() + "/web");

        String user = "system:serviceaccount:" + shop.namespace() + ":reader";
        Set<String> verbs = cluster.audit(0, user).stream()
                .map(event -> event.path("verb").asText())
                .collect(Collectors.toSet());
        assertThat(verbs).isEqualTo(Set.of("get", "list"));
    }

    private void assertSameException(JsonNode said, String policy, String workload) {
        JsonNode exception = shop.get("sidecarpolicy", policy).at("/status/exceptions/0");
        JsonNode explained = policyOf(workload(said, workload), policy);
        assertThat(exception.path("name").asText()).isEqualTo(workload);
        assertThat(explained.path("reason")).isEqualTo(exception.path("reason"));
        assertThat(explained.path("message")).isEqualTo(exception.path("message"));
    }

    /** Counts the workloads of the policy by verdict, in the explanation. */
    private Map<String, Integer> counted(JsonNode said, String policy) {
        Map<String, Integer> counts = new TreeMap<>(Map.of("Inject", 0, "Hold", 0, "Refuse", 0, "Skip", 0));
        said.path("workloads")
                .forEach(workload -> workload.path("policies").forEach(one -> {
                    if (one.path("policy").asText().equals(shop.namespace() + "/" + policy)) {
                        counts.merge(one.path("decision").asText(), 1, Integer::sum);
                    }
                }));
        return counts;
    }

    private Map<String, Integer> ofStatus(String policy) {
        JsonNode counts = shop.get("sidecarpolicy", policy).at("/status/workloads");
        return new TreeMap<>(Map.of(
                "Inject", counts.path("injected").asInt(),
                "Hold", counts.path("outdated").asInt(),
                "Refuse", counts.path("refused").asInt(),
                "Skip", counts.path("skipped").asInt()));
    }

    private static String counts(int matched, int injected, int outdated, int refused, int skipped, int progressing) {
        return "{\"matched\": %d, \"injected\": %d, \"outdated\": %d, \"refused\": %d, \"skipped\": %d, \"progressing\": %d}"
                .formatted(matched, injected, outdated, refused, skipped, progressing);
    }

    private static JsonNode workload(JsonNode said, String name) {
        return only(said.path("workloads"), "name", name);
    }

    private JsonNode policyOf(JsonNode workload, String name) {
        return only(workload.path("policies"), "policy", shop.namespace() + "/" + name);
    }

    private static JsonNode only(JsonNode list, String field, String value) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(one -> one.path(field).asText().equals(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + value + " in " + list));
    }

    private JsonNode json(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("explain", "--cluster", "-o", "json", "--kubeconfig", admin()));
        arguments.addAll(List.of(more));
        return Json.parse(run(arguments.toArray(String[]::new)).ok());
    }

    private String admin() {
        return cluster.variable("KUBECONFIG");
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of("", arguments);
    }

    private String kubeconfig() throws IOException {
        return Files.writeString(directory.resolve("reader.yaml"), cluster.kubeconfigOf(shop.namespace(), "reader"))
                .toString();
    }

    private static String labelled(String name, String policy) {
        return Shop.deployment(name).replace("logs: collected", policy + ": x");
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

package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a cluster, what is printed, and what happens when a part of it may not be read. */
class DiffClusterTest {
    private static final String POLICIES = "/apis/sidecar-operator.io/v1alpha1";
    private static final List<String> WORKLOADS = List.of(
            "apps/v1 daemonsets",
            "apps/v1 deployments",
            "apps/v1 replicasets",
            "apps/v1 statefulsets",
            "batch/v1 cronjobs");

    @TempDir
    private Path directory;

    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer()
                .list("/api/v1/namespaces", namespace("shop"), namespace("office"))
                .put("/api/v1/namespaces/shop", namespace("shop"))
                .list("/api/v1/limitranges")
                .list("/api/v1/namespaces/shop/limitranges")
                .list(POLICIES + "/clustersidecarpolicies")
                .list(POLICIES + "/sidecarpolicies", policy("logs", "shop", "\"mode\": \"Audit\", "))
                .list(POLICIES + "/namespaces/shop/sidecarpolicies", policy("logs", "shop", "\"mode\": \"Audit\", "));
        for (String workloads : WORKLOADS) {
            String[] words = workloads.split(" ", -1);
            server.list("/apis/" + words[0] + "/" + words[1]);
            server.list("/apis/" + words[0] + "/namespaces/shop/" + words[1]);
        }
        server.list("/apis/apps/v1/deployments", deployment("web", "shop"), deployment("mail", "office"));
        server.list("/apis/apps/v1/namespaces/shop/deployments", deployment("web", "shop"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theSummaryIsATableAndASentence() throws IOException {
        CommandRun run = diff("-o", "summary");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                KIND         NAMESPACE   NAME   POLICY      CHANGE   PODS   HELD-BY
                Deployment   shop        web    shop/logs   Inject   2      Audited

                1 workload would change and 2 pods restart
                  now: 0 workloads would change and 0 pods restart
                  when mode: Audit is removed: 1 workload would change and 2 pods restart
                """);
        assertThat(server.requests()).allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void theTextShowsEachTemplateBeforeAndAfter() throws IOException {
        String text = diff().out();
        assertThat(text)
                .startsWith("# Deployment shop/web: policy shop/logs would be injected when mode: Audit is removed;"
                        + " 2 pods restart\n--- live Deployment shop/web\n+++ preview Deployment shop/web\n@@ ")
                .contains("\n+  initContainers:\n", "\n+    image: logs:1\n", "\n   containers:\n", "1 workload would")
                .doesNotContain("\u001b");
    }

    @Test
    void colourIsForTerminalsWhereNobodyForbidsIt() {
        PreviewResult result = new PreviewResult(List.of());
        assertThat(PreviewDiff.of(result, Style.PLAIN)).isEmpty();
        assertThat(Style.COLOURED.diff("+a")).isEqualTo("\u001b[32m+a\u001b[0m");
        assertThat(Style.COLOURED.diff("-a")).isEqualTo("\u001b[31m-a\u001b[0m");
        assertThat(Style.COLOURED.diff(" a")).isEqualTo(" a");
    }

    @Test
    void jsonHasEverything() throws IOException {
        JsonNode json = Json.parse(diff("-o", "json").out());
        assertThat(json.path("workloads").asInt()).isEqualTo(1);
        assertThat(json.path("pods").asInt()).isEqualTo(2);
        assertThat(json.at("/now/workloads").asInt()).isZero();
        JsonNode change = json.at("/changes/0");
        assertThat(Json.text(change.path("policies")))
                .isEqualTo("[{\"policy\":\"shop/logs\",\"change\":\"Inject\",\"heldBy\":\"Audited\"}]");
        assertThat(change.at("/before/spec/initContainers").isMissingNode()).isTrue();
        assertThat(change.at("/after/spec/initContainers/0/image").asText()).isEqualTo("logs:1");
    }

    @Test
    void aPolicyOfAFileReplacesThatOfTheClusterAndOthersAreAdded() throws IOException {
        CommandRun run = diff("-o", "summary", "-f", file(policy("logs", "", "")));
        assertThat(run.out()).contains("Deployment   shop        web    shop/logs   Inject   2\n");
        CommandRun added = diff("-o", "summary", "-f", file(policy("other", "office", "")));
        assertThat(added.out())
                .contains("Deployment   office      mail   office/other   Inject   2\n")
                .contains("Inject   2      Audited\n")
                .contains("2 workloads would change and 4 pods restart\n  now: 1 workload would change and 2 pods");
    }

    @Test
    void aFailedRevisionOfTheClusterStaysFailedWhenAFileBringsItAgain() throws IOException {
        String revision = io.sidecaroperator.core.policy.PolicyCompiler.compile(
                        (com.fasterxml.jackson.databind.node.ObjectNode) Json.parse(policy("logs", "shop", "")))
                .revision();
        server.list(
                POLICIES + "/sidecarpolicies",
                policy("logs", "shop", "")
                        .replaceFirst("\\{", "{\"status\": {\"failedRevision\": \"" + revision + "\"}, "));
        CommandRun run = diff("-f", file(policy("logs", "shop", "")));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("nothing would change; 1 held by a failed revision\n"
                        + "Deployment shop/web: policy shop/logs held (RevisionFailed): ");
    }

    @Test
    void listsComeInPages() throws IOException {
        server.put(
                        "/apis/apps/v1/deployments",
                        "{\"metadata\": {\"continue\": \"a+b=\"}, \"items\": [" + deployment("one", "shop") + "]}")
                .list("/apis/apps/v1/deployments&continue=a%2Bb%3D", deployment("two", "shop"));
        assertThat(diff("-o", "summary").out()).contains(" one ", " two ", "2 workloads would change and 4 pods");
    }

    @Test
    void withoutCrdsOnlyThePoliciesOfFilesCount() throws IOException {
        server.forget(POLICIES + "/clustersidecarpolicies");
        server.forget(POLICIES + "/sidecarpolicies");
        CommandRun nothing = diff();
        assertThat(nothing.exitCode()).isZero();
        assertThat(nothing.out()).isEqualTo("nothing would change\n");
        assertThat(nothing.err())
                .contains("the CustomResourceDefinitions of sidecar-operator are not installed")
                .contains("there is no policy, neither in the cluster nor by -f");
        CommandRun given = diff("-o", "summary", "-f", file(policy("logs", "shop", "")));
        assertThat(given.exitCode()).isEqualTo(1);
        assertThat(given.out()).contains("1 workload would change and 2 pods restart\n");
    }

    @Test
    void whatMayNotBeListedIsNamed() throws IOException {
        server.forbid("/apis/apps/v1/statefulsets");
        CommandRun all = diff();
        assertThat(all.exitCode()).isEqualTo(2);
        assertThat(all.out()).isEmpty();
        assertThat(all.err())
                .isEqualTo("sidecar: may not list statefulsets.apps in all namespaces; name with -n those that you may"
                        + " read\n");
    }

    @Test
    void withNamespacesNamedItGoesOnAndSaysWhatIsMissing() throws IOException {
        server.forbid("/api/v1/namespaces/shop")
                .forbid(POLICIES + "/clustersidecarpolicies")
                .forbid("/apis/batch/v1/namespaces/shop/cronjobs");
        CommandRun run = diff("-n", "shop", "-o", "summary");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("1 workload would change");
        assertThat(run.err())
                .contains("may not get namespace shop: its labels do not count")
                .contains("may not list clustersidecarpolicies.sidecar-operator.io: cluster policies do not count")
                .contains("may not list cronjobs.batch in namespace shop: they are not looked at");

        server.list("/apis/apps/v1/namespaces/shop/deployments");
        assertThat(diff("-n", "shop").exitCode())
                .as("nothing was found, but the result is incomplete")
                .isEqualTo(2);
    }

    @Test
    void aNamespaceThatIsNotThereIsNamed() throws IOException {
        CommandRun run = diff("-n", "shpo");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("sidecar: there is no namespace shpo\n");
    }

    @Test
    void aPolicyOfTheClusterThatIsNotSoundDoesNothingAndIsTold() throws IOException {
        server.list(POLICIES + "/sidecarpolicies", policy("logs", "shop", "\"mode\": \"Audt\", "));
        CommandRun run = diff();
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("policy shop/logs of the cluster: spec.mode");
    }

    @Test
    void aKindThatIsNamedIsReadByDiscovery() throws IOException {
        String kind = "argoproj.io/v1alpha1/Rollout=/spec/template";
        assertThat(diff("--workload-kind", kind, "-o", "summary").err())
                .contains("the API server has no Rollout in argoproj.io/v1alpha1; is its CustomResourceDefinition");
        server.put("/apis/argoproj.io/v1alpha1", """
                        {"resources": [{"name": "rollouts/status", "kind": "Rollout"}, {"name": "rollouts", "kind": "Rollout"}]}""")
                .list(
                        "/apis/argoproj.io/v1alpha1/rollouts",
                        deployment("canary", "shop").replace("{\"metadata\"", """
                                {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata\""""));
        assertThat(diff("--workload-kind", kind, "-o", "summary").out())
                .contains("Rollout      shop        canary   shop/logs   Inject   0      Audited")
                .contains("until its owner next rolls it out: Rollout shop/canary");
    }

    private CommandRun diff(String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("kubeconfig"), server.kubeconfig());
        List<String> arguments = new ArrayList<>(List.of("diff", "--cluster", "--kubeconfig", file.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of("", arguments.toArray(String[]::new));
    }

    private String file(String policy) throws IOException {
        return Files.writeString(directory.resolve("policy.json"), policy).toString();
    }

    private static String namespace(String name) {
        return "{\"metadata\": {\"name\": \"%1$s\", \"labels\": {\"kubernetes.io/metadata.name\": \"%1$s\"}}}"
                .formatted(name);
    }

    private static String policy(String name, String namespace, String more) {
        return """
                {"apiVersion": "sidecar-operator.io/v1alpha1", "kind": "SidecarPolicy",
                 "metadata": {"name": "%1$s"%2$s},
                 "spec": {%3$s"selector": {}, "sidecars": [{"name": "%1$s", "image": "%1$s:1"}]}}""".formatted(name, namespace.isEmpty() ? "" : ", \"namespace\": \"" + namespace + "\"", more);
    }

    private static String deployment(String name, String namespace) {
        return """
                {"metadata": {"name": "%s", "namespace": "%s", "generation": 1},
                 "spec": {"replicas": 2, "template": {"metadata": {"labels": {"app": "web"}},
                          "spec": {"containers": [{"name": "app", "image": "web:1"}]}}}}""".formatted(name, namespace);
    }
}

package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.PolicyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What status and uninstall say about faulty clusters, and about options that have no meaning. */
class ClusterCommandsTest {
    private static final String POLICIES = "/apis/sidecar-operator.io/v1alpha1";
    private static final List<String> KINDS = List.of(
            "/apis/apps/v1/deployments",
            "/apis/apps/v1/statefulsets",
            "/apis/apps/v1/daemonsets",
            "/apis/apps/v1/replicasets",
            "/apis/batch/v1/cronjobs",
            "/apis/batch/v1/jobs",
            "/api/v1/pods");

    private static final String DEPLOYMENT = """
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
             "spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "app", "image": "web:1"}]}}}}""";

    private final ScriptedServer server;

    @TempDir
    private Path directory = Path.of("");

    ClusterCommandsTest() throws IOException {
        server = new ScriptedServer();
    }

    @BeforeEach
    void cluster() {
        server.list(POLICIES + "/clustersidecarpolicies").list(POLICIES + "/sidecarpolicies");
        server.list("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations");
        KINDS.forEach(server::list);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void withoutTheDefinitionsThereIsNoStatusAndWorkloadsAreStillCleaned() throws IOException {
        server.forget(POLICIES + "/clustersidecarpolicies");
        server.forget(POLICIES + "/sidecarpolicies");

        CommandRun status = run("status");
        assertThat(status.exitCode()).isEqualTo(2);
        assertThat(status.err()).contains("the CustomResourceDefinitions of sidecar-operator are not installed");

        CommandRun uninstall = run("uninstall", "--dry-run");
        assertThat(uninstall.exitCode()).isZero();
        assertThat(uninstall.err()).contains("CustomResourceDefinitions of sidecar-operator are not installed");
        assertThat(uninstall.out()).contains("no workload carries anything of a policy");
    }

    @Test
    void anEmptyClusterIsNoMistake() throws IOException {
        assertThat(run("status").ok()).isEqualTo("there is no policy in this cluster\n");
        assertThat(run("uninstall").ok()).isEqualTo("nothing of sidecar-operator is left to take out\n");
        assertThat(server.requests()).allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void anUnreadableReceiptStaysAndIsTold() throws IOException {
        server.list("/apis/apps/v1/deployments", """
                {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"template": {
                  "metadata": {"annotations": {"sidecar-operator.io/receipt": "torn"}},
                  "spec": {"containers": [{"name": "app", "image": "web:1"}]}}}}""");
        CommandRun run = run("uninstall", "--yes");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("Deployment shop/web: its receipt cannot be read");
        assertThat(server.requests()).allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void aDeploymentThatMayStartIsAnOperatorThatRuns() throws IOException {
        server.put(
                "/apis/apps/v1/namespaces/sidecar-operator-system/deployments/sidecar-operator",
                "{\"spec\": {\"replicas\": 1}}");
        CommandRun run = run("uninstall", "--yes");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("none is ready, but one could be soon").contains("--stop-operator");
    }

    @Test
    void theNamespaceOfARegisteredOperatorIsFound() throws IOException {
        server.list("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", """
                {"metadata": {"name": "sidecars", "uid": "u"}, "webhooks": [{"name": "pods.sidecar-operator.io",
                 "clientConfig": {"service": {"namespace": "ops", "name": "sidecars"}}}]}""", """
                {"metadata": {"name": "other", "uid": "o"}, "webhooks": [{"name": "pods.example.org"}]}""");
        server.put(
                "/apis/apps/v1/namespaces/ops/deployments/sidecars",
                "{\"spec\": {\"replicas\": 1}, \"status\": {\"readyReplicas\": 1}}");
        assertThat(run("uninstall", "--yes").err())
                .contains("deployment ops/sidecars has 1 ready pod; stop it first: kubectl scale deployment/sidecars"
                        + " --namespace ops --replicas 0");
        assertThat(run("uninstall", "--dry-run").ok())
                .contains("delete MutatingWebhookConfiguration sidecars")
                .doesNotContain("other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "uninstall"})
    void aClusterThatDoesNotAnswerIsTold(String command) throws IOException {
        server.close();
        CommandRun run = run(command);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("does not answer").doesNotContain("Exception");
    }

    @Test
    void aClusterThatIsWaitedForInVainIsTold() throws IOException {
        server.close();
        CommandRun run = run("status", "--until-ready", "--timeout", "1s");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("timed out after 1 s: the API server at ")
                .contains(" does not answer: the connection is refused; check the server in the kubeconfig");
    }

    @Test
    void aHostThatIsNotKnownIsTold() throws IOException {
        CommandRun run = withKubeconfig(server.kubeconfig().replace("127.0.0.1", "no-such-host.invalid"), "status");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("does not answer: its host name is not known");
    }

    @Test
    void whoIsNotKnownIsToldToLogIn() throws IOException {
        server.answer(POLICIES + "/clustersidecarpolicies", 401, "{\"kind\": \"Status\", \"code\": 401}");
        CommandRun run = run("status");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("does not know the user of this context (401 Unauthorized): log in again");
    }

    @Test
    void whatIsNoApiServerIsTold() throws IOException {
        server.put(POLICIES + "/clustersidecarpolicies", "<html>log in</html>");
        CommandRun run = run("status");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("with something that is no JSON; is it an API server?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status --timeout 5s                       | --timeout is for --watch and --until-ready
            status --watch --timeout soon             | no duration; expected one like 90s
            status -A -n shop                         | contradict each other
            status --watch -o json                    | --watch draws for people
            status deployment/web --watch             | one workload is shown once
            uninstall --whole-installation            | says something about --namespace
            uninstall --in-cluster                    | --in-cluster reads no kubeconfig
            """)
    void anOptionThatMeansNothingIsRefused(String line, String message) throws IOException {
        CommandRun run = run(line.split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            uninstall --yes -n ''                 | --namespace: the name is empty; give one, or leave it out
            uninstall --yes -n shop -n ''         | --namespace: the name is empty
            uninstall --yes -n a_b                | --namespace: "a_b" is no name; expected a-z, 0-9 and -
            uninstall --operator-namespace ''     | --operator-namespace: the name is empty
            uninstall --operator-name ''          | --operator-name: the name is empty
            status -n ''                          | --namespace: the name is empty
            status -n Shop                        | --namespace: "Shop" is no name
            status lo_gs                          | POLICY: "lo_gs" is no name; expected a-z, 0-9, - and .
            status sh_op/logs                     | the namespace of sh_op/logs: "sh_op" is no name
            status ''                             | POLICY: the name is empty
            status deployment/we_b                | Deployment: "we_b" is no name
            diff --cluster -n ''                  | --namespace: the name is empty
            diff --cluster -n shop a_b            | --namespace: "a_b" is no name
            explain --cluster -n ''               | --namespace: the name is empty
            explain --cluster deployment/we_b     | Deployment: "we_b" is no name
            policies --cluster -n ''              | --namespace: the name is empty
            """)
    void aNameThatIsNoneIsRefusedBeforeTheClusterIsAsked(String line, String message) throws IOException {
        CommandRun run = run(Stream.of(line.split(" ", -1))
                .map(word -> word.equals("''") ? "" : word.replace('_', ' '))
                .toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(message.replace('_', ' '));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aNamespaceThatIsNotThereIsNotClean() throws IOException {
        CommandRun run = run("uninstall", "-n", "shpo", "--yes");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("sidecar: there is no namespace shpo; nothing was changed\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void whoMayNotGetNamespacesMayStillCleanOne() throws IOException {
        KINDS.forEach(kind -> server.list(kind.replaceFirst("/([a-z]+)$", "/namespaces/shop/$1")));
        server.list(POLICIES + "/namespaces/shop/sidecarpolicies").forbid("/api/v1/namespaces/shop");
        assertThat(run("uninstall", "-n", "shop", "--yes").ok())
                .isEqualTo("nothing of sidecar-operator is left to take out\n");
    }

    @Test
    void aStatusThatNobodyWritesAnyMoreIsDoubted() throws IOException {
        server.list(POLICIES + "/sidecarpolicies", """
                {"metadata": {"name": "logs", "namespace": "shop", "generation": 1}, "spec": {}, "status": {
                  "observedGeneration": 1, "revision": "r", "workloads": {"matched": 1, "injected": 1},
                  "conditions": [{"type": "Ready", "status": "True", "reason": "Injected", "message": "",
                    "lastTransitionTime": "2026-01-02T03:04:05Z"}]}}""");
        server.list("/apis/apps/v1/deployments", DEPLOYMENT);
        String doubt = "shop/logs: its status says 1 injected (Ready: True since 2026-01-02T03:04:05Z), but no"
                + " workload carries it now: does the operator run?";
        CommandRun shown = run("status");
        assertThat(shown.ok()).contains("logs     True");
        assertThat(shown.err()).contains(doubt);
        CommandRun waited = run("status", "--until-ready", "--timeout", "1s");
        assertThat(waited.exitCode()).isEqualTo(1);
        assertThat(waited.out()).contains(doubt).endsWith("timed out after 1 s\n");

        String lease = "/apis/coordination.k8s.io/v1/namespaces/sidecar-operator-system/leases/sidecar-operator";
        server.put(lease, """
                {"spec": {"holderIdentity": "me", "leaseDurationSeconds": 15, "renewTime": "2999-01-01T00:00:00Z"}}""");
        assertThat(run("status").err()).isEmpty();
        server.forbid(lease);
        assertThat(run("status").err()).contains(doubt);

        server.list("/apis/apps/v1/deployments", injected());
        assertThat(run("status").err()).isEmpty();
        assertThat(run("status", "--until-ready").ok()).endsWith("1/1 injected; Ready\n");
    }

    /** The Deployment with what policy shop/logs adds. */
    private String injected() throws IOException {
        Path policy = Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: logs, namespace: shop}
                spec: {selector: {}, sidecars: [{name: log, image: "log:1"}]}
                """);
        String yaml = CommandRun.inject(DEPLOYMENT, "-p", policy.toString()).ok();
        return Json.text(PolicyFile.yaml(yaml).findFirst().orElseThrow());
    }

    @Test
    void outsideAPodThereIsNoServiceAccount() {
        CommandRun run = CommandRun.of("", "uninstall", "--in-cluster");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--in-cluster: this is not a pod with a ServiceAccount");
    }

    private CommandRun run(String... command) throws IOException {
        return withKubeconfig(server.kubeconfig(), command);
    }

    private CommandRun withKubeconfig(String kubeconfig, String... command) throws IOException {
        Path file = Files.writeString(directory.resolve("kubeconfig"), kubeconfig);
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--kubeconfig", file.toString()));
        return CommandRun.of("", arguments.toArray(String[]::new));
    }
}

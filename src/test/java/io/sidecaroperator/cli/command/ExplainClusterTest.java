package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.support.PolicyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How explain reports what the operator has written into a cluster's objects. */
class ExplainClusterTest {
    private static final String POLICIES = "/apis/sidecar-operator.io/v1alpha1";
    private static final String NEWEST = "log:2";
    private static final String OLDER = "log:1";

    @TempDir
    private Path directory;

    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer()
                .put("/api/v1/namespaces/shop", """
                        {"metadata": {"name": "shop"}}""")
                .list("/api/v1/namespaces/shop/limitranges")
                .list(POLICIES + "/clustersidecarpolicies");
        policy("");
        server.put("/apis/apps/v1/namespaces/shop/deployments/web", deployment("", ""));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFailedRevisionIsHeldBackAndTheOldOneIsKnown() throws IOException {
        String failed = revision(NEWEST);
        String retained = revision(OLDER);
        policy("""
                , "status": {"observedGeneration": 3, "failedRevision": "%s", "conditions": [
                  {"type": "Stalled", "status": "True", "message": "Deployment shop/web: CrashLoopBackOff"}]}""".formatted(failed));
        server.put("/apis/apps/v1/namespaces/shop/deployments/web", injected(OLDER));
        server.list(
                "/apis/apps/v1/namespaces/shop/controllerrevisions&labelSelector=sidecar-operator.io%2Frevision",
                """
                {"metadata": {"ownerReferences": [{"uid": "policy-1"}]}, "data": {"spec": %s}}""".formatted(Json.text(spec(OLDER))));
        assertThat(explain("deployment/web").ok()).isEqualTo("""
                Deployment shop/web, Kubernetes 1.36
                  the operator's last write, at 2026-01-02T03:04:05Z, gave it policy shop/logs at revision %2$s; its pods \
                do not all run it yet
                policy shop/logs: stays at revision %2$s, newest is %1$s (RevisionFailed): the policy's revision has \
                failed on a workload
                  the policy is stalled: Deployment shop/web: CrashLoopBackOff
                  what to do: Read the policy's Stalled condition and change the policy, a new revision starts anew; or \
                let this one go on with the annotation sidecar-operator.io/approve on the policy, its value the revision.
                  + native sidecar log
                """.formatted(failed, retained));
        assertThat(server.requests()).allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void withoutTheRightToReadEarlierRevisionsItSaysSo() throws IOException {
        policy(", \"status\": {\"observedGeneration\": 3}");
        server.put("/apis/apps/v1/namespaces/shop/deployments/web", injected(OLDER));
        server.forbid("/apis/apps/v1/namespaces/shop/controllerrevisions&labelSelector=sidecar-operator.io%2Frevision");
        assertThat(explain("deployment/web").ok())
                .contains("policy shop/logs: stays at revision " + revision(OLDER) + ", newest is " + revision(NEWEST)
                        + " (AwaitsTurn)")
                .contains("assumed:\n  may not list controllerrevisions.apps in namespace shop: what earlier revisions"
                        + " of policy shop/logs add is not known\n");
    }

    @Test
    void whatOnlyTheClusterKnowsIsReadFromStatus() throws IOException {
        policy("""
                , "status": {"observedGeneration": 3, "exceptions": [
                  {"kind": "Deployment", "namespace": "shop", "name": "web", "reason": "RejectedByServer", "message": "no"}]}""");
        assertThat(explain("deploy/web").ok()).contains("  the operator says (RejectedByServer): no\n");
    }

    @Test
    void aPodIsExplainedByWhatMadeIt() throws IOException {
        server.put("/api/v1/namespaces/shop/pods/web-1", pod("ReplicaSet", "apps/v1"));
        server.put("/apis/apps/v1/namespaces/shop/replicasets/owner", """
                {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "owner", "namespace": "shop",
                 "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": true}]}}""");
        assertThat(explain("pod/web-1").ok()).startsWith("""
                Deployment shop/web, Kubernetes 1.36
                  Pod shop/web-1 belongs to it by way of ReplicaSet shop/owner: its template decides
                policy shop/logs: would be injected at revision\s""");

        server.forbid("/apis/apps/v1/namespaces/shop/replicasets/owner");
        assertThat(explain("pod/web-1").ok())
                .startsWith("Pod shop/web-1, Kubernetes 1.36\n")
                .contains(
                        "  it belongs to ReplicaSet owner, which cannot be read, so the operator leaves it alone; this is"
                                + " what it would be given otherwise\n")
                .contains("assumed:\n  may not get ReplicaSet owner in namespace shop\n");
    }

    @Test
    void aWorkloadThatIsNotThereIsToldWithWhatThereIs() throws IOException {
        server.list("/apis/apps/v1/namespaces/shop/deployments", """
                {"metadata": {"name": "web"}}""");
        assertBad("there is no Deployment wbe in namespace shop; there is Deployment shop/web", "deployment/wbe");
        server.forbid("/apis/apps/v1/namespaces/shop/deployments");
        assertBad("there is no Deployment wbe in namespace shop; what there is may not be listed", "deployment/wbe");
        server.list("/apis/apps/v1/namespaces/shop/daemonsets");
        assertBad("there is no DaemonSet agent in namespace shop; there is no DaemonSet at all", "ds/agent");
        server.forbid("/apis/apps/v1/namespaces/shop/deployments/web");
        assertBad("may not get Deployment web in namespace shop", "deployment/web");
        assertBad(
                "the API server has no Rollout in argoproj.io/v1alpha1; is its CustomResourceDefinition installed?",
                "rollout/web",
                "--workload-kind",
                "argoproj.io/v1alpha1/Rollout=/spec/template");
    }

    private void assertBad(String message, String... more) throws IOException {
        CommandRun run = explain(more);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("sidecar: " + message + "\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aBarePodIsExplainedAsIfItWereCreatedNow() throws IOException {
        server.put("/api/v1/namespaces/shop/pods/web-1", pod("Node", "v1"));
        assertThat(explain("po/web-1").ok())
                .contains(
                        "  a stored Pod is not changed any more: this is what it would be given if it were created now\n");
    }

    @Test
    void aClusterWithoutTheKindsIsToldOf() throws IOException {
        server.forget(POLICIES + "/clustersidecarpolicies");
        server.forget(POLICIES + "/namespaces/shop/sidecarpolicies");
        CommandRun run = explain("deployment/web");
        assertThat(run.ok()).isEqualTo("Deployment shop/web, Kubernetes 1.36\nno policy selects it\n");
        assertThat(run.err())
                .isEqualTo("the CustomResourceDefinitions of sidecar-operator are not installed: only the policies of"
                        + " files count\n");
    }

    @Test
    void aNamespaceOnItsWayOutIsLeftAlone() throws IOException {
        server.put("/api/v1/namespaces/shop", """
                {"metadata": {"name": "shop", "deletionTimestamp": "2026-01-01T00:00:00Z"}}""");
        CommandRun run = explain("deployment/web");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("namespace shop is being deleted: the operator leaves it alone");
    }

    private void policy(String more) {
        server.list(POLICIES + "/namespaces/shop/sidecarpolicies", """
                {"metadata": {"name": "logs", "namespace": "shop", "uid": "policy-1", "generation": 3}, "spec": %s%s}""".formatted(Json.text(spec(NEWEST)), more));
    }

    private static ObjectNode spec(String image) {
        return (ObjectNode) Json.parse("""
                {"selector": {"matchLabels": {"app": "web"}}, "sidecars": [{"name": "log", "image": "%s"}]}""".formatted(image));
    }

    private static String revision(String image) {
        ObjectNode policy = Json.object().put("kind", "SidecarPolicy");
        policy.putObject("metadata").put("name", "logs").put("namespace", "shop");
        policy.set("spec", spec(image));
        return PolicyCompiler.compile(policy).revision();
    }

    private static String deployment(String annotations, String labels) {
        return """
                {"apiVersion": "apps/v1", "kind": "Deployment",
                 "metadata": {"name": "web", "namespace": "shop", "uid": "1", "generation": 1, "annotations": {%s}},
                 "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}},
                  "template": {"metadata": {"labels": {"app": "web"%s}},
                   "spec": {"containers": [{"name": "app", "image": "web:1"}]}}}}""".formatted(annotations, labels);
    }

    /** The Deployment as the operator has injected it. */
    private String injected(String image) throws IOException {
        ObjectNode policy =
                Json.object().put("apiVersion", "sidecar-operator.io/v1alpha1").put("kind", "SidecarPolicy");
        policy.putObject("metadata").put("name", "logs").put("namespace", "shop");
        policy.set("spec", spec(image));
        Path file = Files.writeString(directory.resolve("old.yaml"), Json.text(policy));
        String record = Json.text(Json.object()
                .textNode("{\"uid\":\"1\",\"at\":\"2026-01-02T03:04:05Z\",\"template\":\"t\","
                        + "\"policies\":{\"shop/logs\":{\"to\":\"" + revision(image) + "\"}}}"));
        String plain = deployment("\"sidecar-operator.io/rollout\": " + record, "");
        String yaml = CommandRun.inject(plain, "-p", file.toString()).ok();
        return Json.text(PolicyFile.yaml(yaml).findFirst().orElseThrow());
    }

    private static String pod(String ownerKind, String ownerVersion) {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-1", "namespace": "shop", "labels": {"app": "web"},
                 "ownerReferences": [{"apiVersion": "%s", "kind": "%s", "name": "owner", "controller": true}]},
                 "spec": {"containers": [{"name": "app", "image": "web:1"}]}}""".formatted(ownerVersion, ownerKind);
    }

    private CommandRun explain(String... more) throws IOException {
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), server.kubeconfig());
        List<String> arguments =
                new ArrayList<>(List.of("explain", "--cluster", "--kubeconfig", kubeconfig.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of("", arguments.toArray(String[]::new));
    }
}

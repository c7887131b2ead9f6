package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.Release;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The chart, installed with real Helm into a real cluster. The node is simulated: it starts any pod that the API server
 * admits, so the test covers everything up to the container.
 */
class ChartIT {
    private static final String OWN_KINDS =
            "deployments,replicasets,pods,services,endpointslices,serviceaccounts,roles,rolebindings,secrets";

    private final TestCluster cluster = TestCluster.get();
    private final String namespace = cluster.namespace(
            "chart",
            Map.of(
                    "pod-security.kubernetes.io/enforce", "restricted",
                    "pod-security.kubernetes.io/warn", "restricted"));

    @Test
    void installRunsUpgradesAndUninstallLeavesOnlyTheCrds() {
        String release = namespace + "-all";
        Release installed = install(release).waitReady().withTimeout(120).call();

        assertThat(installed.getStatus()).isEqualTo("deployed");
        assertThat(ownObjects(release)).contains("pod/" + release + "-sidecar-operator-");
        assertThat(mayOperator(release, "patch", "deployments", "default")).isTrue();
        assertThat(mayOperator(release, "get", "secrets", "default")).isFalse();
        assertThat(mayOperator(release, "delete", "pods", "default")).isFalse();

        Release upgraded = HelmChart.helm()
                .upgrade()
                .withName(release)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig())
                .set("podLabels.team", "platform")
                .waitReady()
                .withTimeout(120)
                .call();
        assertThat(upgraded.getRevision()).isEqualTo("2");

        uninstall(release);
        assertThat(ownObjects(release)).isEmpty();
        assertThat(clusterObjects(
                        "clusterroles,clusterrolebindings,validatingadmissionpolicies,validatingadmissionpolicybindings",
                        release))
                .isEmpty();
        assertThat(cluster.kubectl("", "get", "customresourcedefinitions", "-o", "name")
                        .ok()
                        .out())
                .contains("sidecarpolicies.sidecar-operator.io");
    }

    @Test
    void givenNamespacesTheOperatorMayNothingElsewhere() {
        String shop = cluster.namespace("shop", Map.of());
        String release = namespace + "-some";
        install(release).set("namespaces[0]", shop).call();

        assertThat(mayOperator(release, "patch", "deployments", shop)).isTrue();
        assertThat(mayOperator(release, "patch", "sidecarpolicies/status", shop))
                .isTrue();
        assertThat(mayOperator(release, "patch", "deployments", "default")).isFalse();
        assertThat(mayOperator(release, "list", "sidecarpolicies", "default")).isFalse();
        assertThat(mayOperator(release, "list", "namespaces", "default")).isTrue();

        uninstall(release);
        assertThat(mayOperator(release, "patch", "deployments", shop)).isFalse();
    }

    @Test
    void policyOfTheNotesIsAccepted() {
        String notes = install(namespace + "-notes").dryRun().call().getOutput();

        assertThat(notes).contains("rollout status deployment/" + namespace + "-notes-sidecar-operator");
        String policy = notes.substring(notes.indexOf("<<'END'\n") + 8, notes.indexOf("  END\n"))
                .replaceAll("(?m)^  ", "");
        assertThat(Manifests.parse(policy).objects().get(0).path("spec"))
                .as("a policy that was tried with the real program")
                .isEqualTo(Manifests.parse(Checkout.read("examples/log-collector/policy.yaml"))
                        .objects()
                        .get(0)
                        .path("spec"));
        // A dry run does not install CRDs.
        cluster.kubectl("", "apply", "--server-side", "--force-conflicts", "-f", HelmChart.FOLDER + "/crds")
                .ok();
        assertThat(cluster.kubectl(
                                policy,
                                "create",
                                "--dry-run=server",
                                "--validate=strict",
                                "--namespace",
                                namespace,
                                "-f",
                                "-")
                        .ok()
                        .out())
                .contains("sidecarpolicy.sidecar-operator.io/logs created");
    }

    /** The API server takes up an admission policy a moment after it was created. */
    @Test
    void aRequestAboveItsLimitIsRefusedByTheApiServer() {
        String release = namespace + "-checks";
        install(release).call();
        String policy = Checkout.read("src/test/resources/invalid-policies/request-above-limit.yaml");

        Program.Result refused = Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> create(policy), result -> result.exitCode() != 0);
        assertThat(refused.err())
                .contains("spec.sidecars: resources.requests: a request must not be greater than its limit");
        assertThat(create(policy.replaceAll("sidecars: .*", "sidecars: []")).err())
                .contains("spec.appContainers.defaults.resources.requests: a request must not be greater");
        create(policy.replace("limits: {cpu: 900m}", "limits: {cpu: 1000m}")).ok();

        uninstall(release);
    }

    private Program.Result create(String policy) {
        return cluster.kubectl(policy, "create", "--dry-run=server", "--namespace", namespace, "-f", "-");
    }

    private InstallCommand install(String release) {
        return HelmChart.helm()
                .install()
                .withName(release)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig());
    }

    private void uninstall(String release) {
        Helm.uninstall(release)
                .withNamespace(namespace)
                .withKubeConfig(kubeconfig())
                .withCascade(com.marcnuri.helm.UninstallCommand.Cascade.FOREGROUND)
                .call();
        cluster.kubectl(
                        "",
                        "wait",
                        "--for=delete",
                        "--timeout=240s",
                        "deployments,replicasets,pods,endpointslices",
                        "--selector=" + instance(release),
                        "--namespace",
                        namespace)
                .ok();
    }

    private boolean mayOperator(String release, String verb, String resource, String in) {
        String account = "system:serviceaccount:" + namespace + ":" + release + "-sidecar-operator";
        return cluster.kubectl("", "auth", "can-i", verb, resource, "--namespace", in, "--as", account)
                .out()
                .strip()
                .equals("yes");
    }

    private String ownObjects(String release) {
        return cluster.kubectl(
                        "", "get", OWN_KINDS, "--selector=" + instance(release), "--namespace", namespace, "-o", "name")
                .ok()
                .out();
    }

    private String clusterObjects(String kinds, String release) {
        return cluster.kubectl("", "get", kinds, "--selector=" + instance(release), "-o", "name")
                .ok()
                .out();
    }

    private static String instance(String release) {
        return "app.kubernetes.io/instance=" + release;
    }

    private Path kubeconfig() {
        return Path.of(cluster.variable("KUBECONFIG"));
    }
}

package io.sidecaroperator.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.docs.Readme;
import io.sidecaroperator.support.OperatorImage;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.support.RealProgram;
import io.sidecaroperator.support.RealThings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's installation, word for word, on a real node of its own: the image, real Helm, an example, and the removal.
 * Between them the chart's README upgrades, and with {@code -Pexhaustive} Helm rolls back.
 */
class InstallIT {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String NODE = "readme-" + ProcessHandle.current().pid();
    private static final String UNINSTALL = "helm uninstall ";
    private static final String SHOP = "--namespace example-logs-opentelemetry";
    private static final String SYSTEM = "--namespace sidecar-operator-system";

    @TempDir
    private Path bin;

    private final List<String> commands = Readme.read().section(Readme.INSTALL).commands();

    @AfterEach
    void end() {
        Program.run(List.of("bash", "tools/node", "down", "--name", NODE), Map.of(), "", LIMIT);
    }

    @Test
    void withHelm3() throws IOException {
        installs(RealProgram.HELM);
    }

    @Test
    void withHelm4() throws IOException {
        Assumptions.assumeTrue(RandomRuns.exhaustive(), "Helm 4 is tried with -Pexhaustive");
        installs(RealProgram.HELM_4);
    }

    private void installs(RealProgram helm) throws IOException {
        RealThings.assume("tools/node");
        Path image = OperatorImage.path();
        Files.createSymbolicLink(bin.resolve("helm"), helm.path());
        int uninstall = indexOf(UNINSTALL);

        // The gate has built the image already, by the command that comes first.
        assertThat(commands.get(0)).isEqualTo("tools/image build");
        String installed = bash(commands.subList(1, uninstall));
        assertThat(commands).anyMatch(command -> command.endsWith("target/image/" + image.getFileName()));
        assertThat(installed).contains("Body: Str(order 1)").containsPattern("pod/checkout-\\S+ +2/2 +Running");

        upgradeReachesBothCrds();
        if (RandomRuns.exhaustive()) {
            assertThat(inNode(
                            "helm rollback sidecar-operator " + SYSTEM + " --wait",
                            "helm history sidecar-operator " + SYSTEM))
                    .contains("Rollback to 1");
        }

        inNode(commands.get(uninstall));
        nothingOfItIsLeft();
        assertThat(inNode(commands.subList(uninstall + 1, commands.size() - 1).toArray(String[]::new)))
                .contains("namespace \"example-logs-opentelemetry\" deleted");
        assertThat(commands.get(commands.size() - 1)).isEqualTo("tools/node down");
    }

    /** A column stands for what an older version did not have. */
    private void upgradeReachesBothCrds() {
        List<String> crds =
                List.of("sidecarpolicies.sidecar-operator.io", "clustersidecarpolicies.sidecar-operator.io");
        String columns = "-o jsonpath='{.spec.versions[0].additionalPrinterColumns[*].name}'";
        List<String> before = new ArrayList<>();
        for (String crd : crds) {
            before.add(inNode("kubectl get crd " + crd + " " + columns));
            inNode(
                    "kubectl patch crd " + crd
                            + " --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/versions/0/additionalPrinterColumns/0\"}]'");
        }
        String[] upgrade = Readme.of("deploy/helm/sidecar-operator/README.md")
                .section("## Upgrade")
                .commands()
                .toArray(String[]::new);
        upgrade[upgrade.length - 1] += " --wait --set podLabels.team=platform";
        assertThat(inNode(upgrade)).contains("STATUS: deployed", "REVISION: 2");
        for (int i = 0; i < crds.size(); i++) {
            assertThat(inNode("kubectl get crd " + crds.get(i) + " " + columns)).isEqualTo(before.get(i));
        }
    }

    private void nothingOfItIsLeft() {
        assertThat(
                        inNode(
                                "kubectl get deployments,pods,jobs,services,leases,serviceaccounts -l app.kubernetes.io/instance=sidecar-operator -A -o name",
                                "kubectl get leases -o name " + SYSTEM,
                                "kubectl get mutatingwebhookconfigurations,clusterroles,clusterrolebindings -o name | { grep sidecar-operator || true; }"))
                .as("objects of the release")
                .isEmpty();
        assertThat(inNode(
                        "kubectl get deployment checkout " + SHOP + " -o jsonpath='{.spec.template.spec.initContainers}"
                                + "{.spec.template.spec.volumes}{.spec.template.metadata.annotations}'"))
                .as("parts in the template")
                .isEmpty();
        assertThat(inNode("kubectl get sidecarpolicy logs " + SHOP + " -o jsonpath='{.status}{.metadata.finalizers}'"))
                .as("a status that nobody keeps true")
                .isEmpty();
    }

    private int indexOf(String start) {
        for (int i = 0; i < commands.size(); i++) {
            if (commands.get(i).startsWith(start)) {
                return i;
            }
        }
        throw new AssertionError("no command starts with " + start);
    }

    /** Runs commands with the node's environment. */
    private String inNode(String... some) {
        List<String> all = new ArrayList<>(List.of("eval \"$(tools/node env)\""));
        all.addAll(List.of(some));
        return bash(all);
    }

    /** Runs commands in one shell, as a reader's terminal does, and on this test's own node. */
    private String bash(List<String> some) {
        String script =
                String.join("\n", some).replaceAll("tools/node (up|env|load|down)", "tools/node $1 --name " + NODE);
        // A reader's terminal has more programs than a build.
        String path = bin + ":" + System.getenv("PATH") + ":/usr/bin:/bin";
        return Program.run(List.of("bash", "-euo", "pipefail", "-c", script), Map.of("PATH", path), "", LIMIT)
                .ok()
                .out();
    }
}

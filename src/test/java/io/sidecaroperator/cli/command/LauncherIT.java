package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launchers with the real program, and the real kubectl before and after them. */
class LauncherIT {
    private static final String EXAMPLE = "examples/log-collector/";

    private final TestCluster cluster = TestCluster.get();

    @TempDir
    private Path directory;

    @Test
    void kubectlFindsItAsAPlugin() {
        assertThat(bash("kubectl sidecar version").ok().out()).startsWith("sidecar-operator 0.");
        assertThat(bash("kubectl sidecar inject --help").ok().out()).contains("Usage: kubectl sidecar inject");
        assertThat(bash("kubectl sidecar inject -f /no/such.yaml").err())
                .isEqualTo("kubectl sidecar: /no/such.yaml: there is no such file\n");
    }

    @Test
    void whatItPrintsIsWhatAnApiServerTakes() throws IOException {
        String namespace = cluster.namespace("launcher", Map.of());
        String app = Checkout.read(EXAMPLE + "app.yaml").replace("namespace: shop", "namespace: " + namespace);
        String policy = Checkout.read(EXAMPLE + "policy.yaml").replace("namespace: shop", "namespace: " + namespace);
        String deployment = app.substring(app.indexOf("apiVersion: apps/v1"));

        Path file = Files.writeString(directory.resolve("policy.yaml"), policy);

        Program.Result applied = bash(
                deployment,
                "set -o pipefail; ./sidecar inject --policy " + file
                        + " | kubectl create --dry-run=server --validate=strict -o yaml -f - | ./sidecar uninject");

        assertThat(applied.ok().err())
                .contains("Deployment " + namespace + "/web: policy " + namespace + "/logs injected")
                .contains("Deployment " + namespace + "/web: took out policy " + namespace + "/logs");
        assertThat(applied.out()).doesNotContain("log-collector:").doesNotContain("sidecar-operator.io/receipt");
    }

    @Test
    void nothingGoesToStandardOutputWhenTheInputIsBad() {
        Program.Result result = bash("a: b: c", "./sidecar inject");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("sidecar: standard input, document 1, line 1: mapping values are not allowed here\n");
    }

    private Program.Result bash(String command) {
        return bash("", command);
    }

    private Program.Result bash(String input, String command) {
        String path = Checkout.ROOT + ":" + cluster.variable("PATH") + ":" + System.getenv("PATH");
        return Program.run(
                List.of("bash", "-c", command),
                Map.of("PATH", path, "KUBECONFIG", cluster.variable("KUBECONFIG"), "SIDECAR_NO_BUILD", "1"),
                input,
                Duration.ofMinutes(6));
    }
}

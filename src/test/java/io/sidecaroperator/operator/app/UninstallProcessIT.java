package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The real operator with its lease and its webhook. Uninstall does not work against it while it runs, and cleans up
 * when it is dead.
 */
class UninstallProcessIT {
    private static final Duration SOON = Duration.ofMinutes(3);

    private final TestCluster cluster = TestCluster.get();
    private final Installation installation = Installation.install(cluster);
    private final String namespace = cluster.namespace("killed", Map.of());

    @Test
    void whoHoldsTheLeaseIsLeftAloneAndWhoDiedIsCleanedUpAfter() throws Exception {
        try (OperatorRun operator =
                OperatorRun.start(installation, "--namespace", namespace).ready()) {
            kubectl(deployment(), "apply", "-f", "-");
            String before = template();
            kubectl(
                    Checkout.read("examples/log-collector/policy.yaml")
                            .replace("namespace: shop", "namespace: " + namespace),
                    "apply",
                    "-f",
                    "-");
            await().atMost(SOON).until(() -> template().contains("sidecar-operator.io/receipt"));

            CommandRun running = uninstall();
            assertThat(running.exitCode()).isEqualTo(2);
            assertThat(running.err()).contains("an operator runs: lease sidecar-operator-system/sidecar-operator");
            assertThat(template()).contains("sidecar-operator.io/receipt");

            operator.kill();
            CommandRun now = uninstall();
            assertThat(now.exitCode()).as("the lease has not expired yet").isEqualTo(2);
            await().atMost(SOON)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> uninstall().exitCode() == 0);
            assertThat(template()).isEqualTo(before);
            assertThat(kubectl("", "get", "mutatingwebhookconfigurations", "-o", "name"))
                    .doesNotContain("/sidecar-operator\n");
            assertThat(kubectl(
                            "",
                            "get",
                            "sidecarpolicies",
                            "-n",
                            namespace,
                            "-o",
                            "jsonpath={.items[*].metadata.finalizers}"))
                    .isEmpty();
            kubectl("", "delete", "namespace", namespace, "--timeout=240s");
        }
    }

    private CommandRun uninstall() {
        return CommandRun.of(
                "",
                "uninstall",
                "--yes",
                "-n",
                namespace,
                "--whole-installation",
                "--operator-name",
                "sidecar-operator",
                "--kubeconfig",
                cluster.variable("KUBECONFIG"));
    }

    private String template() {
        return kubectl("", "get", "deployment", "web", "-o", "jsonpath={.spec.template}");
    }

    private String deployment() {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: %s}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web, logs: collected}}
                    spec: {containers: [{name: web, image: "web:1"}]}
                """.formatted(namespace);
    }

    private String kubectl(String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("-n")) {
            all.addAll(List.of("-n", namespace));
        }
        return cluster.kubectl(input, all.toArray(String[]::new)).ok().out();
    }
}

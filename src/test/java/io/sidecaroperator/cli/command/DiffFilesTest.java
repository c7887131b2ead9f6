package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import org.junit.jupiter.api.Test;

/** {@code diff} without a cluster: what inject would change. */
class DiffFilesTest {
    private static final String POLICY = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: ClusterSidecarPolicy
            metadata: {name: logs}
            spec: {selector: {matchLabels: {logs: collected}}, sidecars: [{name: logs, image: "logs:1"}]}
            """;
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              template:
                metadata: {labels: {logs: collected}}
                spec: {containers: [{name: app, image: nginx}]}
            """;
    private static final String OTHER = DEPLOYMENT.replace("web", "other").replace("collected", "none");
    private static final String TAKEN =
            DEPLOYMENT.replace("name: app,", "name: logs,").replace("web", "taken");

    @Test
    void theDiffIsThatOfEachWorkloadThatChanges() {
        CommandRun run = CommandRun.of(join(OTHER, DEPLOYMENT, POLICY), "diff");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("""
                        # Deployment shop/web: policy logs would be injected
                        --- standard input, document 2 (line 9): Deployment shop/web
                        +++ standard input, document 2 (line 9): Deployment shop/web
                        @@ -8,7 +8,20 @@
                             metadata:
                               labels:
                                 logs: collected
                        """)
                .contains("+      initContainers:\n")
                .doesNotContain("other")
                .endsWith("""
                        KIND         NAMESPACE   NAME   POLICY   CHANGE   FILE
                        Deployment   shop        web    logs     Inject   standard input, document 2 (line 9)

                        1 workload would change
                        """);
    }

    @Test
    void whatIsInjectedAlreadyIsNoDifference() {
        String injected = CommandRun.inject(join(DEPLOYMENT, POLICY)).out();
        CommandRun run = CommandRun.of(injected, "diff");
        assertThat(run.ok()).isEqualTo("nothing would change\n");

        CommandRun update = CommandRun.of(injected.replace("logs:1", "logs:2"), "diff", "-o", "summary");
        assertThat(update.exitCode()).isEqualTo(1);
        assertThat(update.out()).contains("Deployment   shop        web    logs     Update");
    }

    @Test
    void whatAnApiServerAddedToAStoredObjectIsNoDifference() {
        String file = CommandRun.inject(join(DEPLOYMENT, POLICY))
                .out()
                .split("---\n", -1)[0]
                .replace("        image: logs:1\n", "        image: logs:1\n        imagePullPolicy: IfNotPresent\n");
        String stored = file.replace("  name: web\n", "  name: web\n  uid: some-uid\n");
        assertThat(stored).contains("uid").contains("imagePullPolicy");

        assertThat(CommandRun.of(join(stored, POLICY), "diff").ok()).isEqualTo("nothing would change\n");
        assertThat(CommandRun.inject(join(stored, POLICY)).ok()).startsWith(stored);
        assertThat(CommandRun.of(join(stored, POLICY.replace("logs:1", "logs:2")), "diff", "-o", "summary")
                        .out())
                .contains("Deployment   shop        web    logs     Update");
        assertThat(CommandRun.of(join(file, POLICY), "diff", "-o", "summary").out())
                .contains("Repair");
    }

    @Test
    void whoStaysAwayIsSaid() {
        CommandRun run = CommandRun.of(join(TAKEN, POLICY), "diff", "-o", "summary");
        assertThat(run.ok())
                .startsWith("nothing would change; 1 refused\nDeployment shop/taken: policy logs refused"
                        + " (ContainerNameTaken): ");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void jsonHasBothObjects() {
        CommandRun run = CommandRun.of(join(TAKEN, DEPLOYMENT, POLICY), "diff", "-o", "json");
        assertThat(run.exitCode()).isEqualTo(1);
        JsonNode root = Json.parse(run.out());
        assertThat(root.path("workloads").asInt()).isEqualTo(1);
        assertThat(root.at("/changes/0/policies")).hasToString("[{\"policy\":\"logs\",\"change\":\"Inject\"}]");
        assertThat(root.at("/changes/0/where").asText()).isEqualTo("standard input, document 2 (line 9)");
        assertThat(root.at("/changes/0/before/spec/template/spec").has("initContainers"))
                .isFalse();
        assertThat(root.at("/changes/0/after/spec/template/spec/initContainers/0/name")
                        .asText())
                .isEqualTo("logs");
        assertThat(root.at("/exceptions/0/reason").asText()).isEqualTo("ContainerNameTaken");
    }

    @Test
    void badInputIs2AndNothingIsPrinted() {
        CommandRun run = CommandRun.of(join(DEPLOYMENT, POLICY, "a: b: c\n"), "diff");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(CommandRun.of("", "diff").err()).isEqualTo("sidecar: standard input: holds no document\n");
    }

    @Test
    void onATerminalItIsColoured() {
        CommandRun run = CommandRun.of(new Terminal(false, true, false), join(DEPLOYMENT, POLICY), "diff");
        assertThat(run.out())
                .contains("\u001b[32m+      initContainers:\u001b[0m\n")
                .contains("\u001b[36m@@ -");
    }

    @Test
    void whatIsOddGoesToStandardError() {
        assertThat(CommandRun.of(DEPLOYMENT, "diff").err())
                .isEqualTo("there is no policy in the input and none by --policy, so nothing was injected\n");
    }

    private static String join(String... documents) {
        return String.join("---\n", documents);
    }
}

package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors that end the command before it asks any cluster. */
class DiffCommandTest {
    private static final String POLICY = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: logs}
            spec: {selector: {}, sidecars: [{name: logs, image: "logs:1"}]}
            """;

    /** A cluster that does not exist: port 9 of loopback is closed. */
    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: me}}]
            clusters: [{name: here, cluster: {server: "https://127.0.0.1:9"}}]
            users: [{name: me, user: {token: none}}]
            """;

    @TempDir
    private Path directory;

    @Test
    void whatIsForAClusterMeansNothingWithoutIt() {
        String message = "--kubeconfig and --context mean nothing without --cluster";
        refused(CommandRun.of("", "diff", "--kubeconfig", "/no/such/file"), message);
        refused(CommandRun.of("", "diff", "--context", "x"), message);
        refused(CommandRun.of("", "diff", "-n", "a", "b"), "--namespace: without --cluster it is the one");
        refused(CommandRun.of("", "diff", "--cluster", "-p", "x"), "--policy is for manifests");
        refused(CommandRun.of("", "diff", "--cluster", "--kubernetes-version", "1.28"), "the API server is asked");
    }

    @Test
    void withoutAnyKubeconfigItNamesTheFileThatItLookedFor() {
        refused(CommandRun.of("", "diff", "--cluster"), "sidecar: kubeconfig /nowhere/.kube/config does not exist");
    }

    @Test
    void aKubeconfigThatIsNoneIsNamed() throws IOException {
        refused(diff("spec: {}"), "names no cluster: it has no current-context");
        refused(diff("[1, 2"), "is not a kubeconfig");
    }

    @Test
    void aContextThatIsNotThereIsNamed() throws IOException {
        refused(diff(KUBECONFIG, "--context", "there"), " has no context there");
    }

    @Test
    void aClusterThatDoesNotAnswerIsNamed() throws IOException {
        refused(diff(KUBECONFIG), "sidecar: the API server at https://127.0.0.1:9/ does not answer: ");
    }

    @Test
    void aBadPolicyIsToldBeforeTheClusterIsAsked() throws IOException {
        Path policy = Files.writeString(directory.resolve("p.yaml"), POLICY.replace("image", "imaeg"));
        refused(
                diff(KUBECONFIG, "-f", policy.toString()),
                "p.yaml, document 1 (line 1): SidecarPolicy logs: spec.sidecars[0].image: Required value");
        Files.writeString(policy, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
        refused(
                diff(KUBECONFIG, "-f", policy.toString()),
                "document 1 (line 1): is a ConfigMap; with --cluster these files hold policies only");
        refused(diff(KUBECONFIG, "-f", "/no/such.yaml"), "sidecar: /no/such.yaml: there is no such file");
    }

    @Test
    void anUnknownFormatIsAMistakeOfUsage() throws IOException {
        refused(diff(KUBECONFIG, "-o", "yaml"), "text, summary, json");
        refused(diff(KUBECONFIG, "--workload-kind", "Rollout"), "--workload-kind: \"Rollout\" names no kind");
    }

    private CommandRun diff(String kubeconfig, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("kubeconfig"), kubeconfig);
        String[] arguments = new String[more.length + 4];
        arguments[0] = "diff";
        arguments[1] = "--cluster";
        arguments[2] = "--kubeconfig";
        arguments[3] = file.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return CommandRun.of("", arguments);
    }

    private static void refused(CommandRun run, String message) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
    }
}

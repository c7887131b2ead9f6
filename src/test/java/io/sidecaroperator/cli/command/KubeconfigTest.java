package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The errors that kubeconfigs have, and the one line for each. */
class KubeconfigTest {
    /** The server at this address does not answer. A command that tries it has read the kubeconfig. */
    private static final String SOUND = """
            apiVersion: v1
            kind: Config
            current-context: here
            contexts: [{name: here, context: {cluster: there, user: me}}]
            clusters: [{name: there, cluster: {server: "https://127.0.0.1:9"}}]
            users: [{name: me, user: {token: none}}]
            """;

    @TempDir
    private Path directory;

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("name: here", "name: here: there", " is not a kubeconfig: its text, document 1, line 4"),
                mistake("users:", "---\nusers:", " is not a kubeconfig: it holds 2 documents, expected one"),
                mistake("{name: here, context: {cluster: there, user: me}}", "null", ": contexts[0] is no object with"),
                mistake("{name: here, context: {cluster: there, user: me}}", "{name: 1}", ": contexts[0] is no object"),
                mistake("[{name: me, user: {token: none}}]", "{me: {}}", ": users is no list"),
                mistake("current-context: here", "current-context: hre", " has no context hre; it has here"),
                mistake("{cluster: there, user: me}", "null", ": contexts \"here\": context is missing; expected"),
                mistake(
                        "cluster: there, ",
                        "",
                        ": contexts \"here\": cluster is missing; expected the name of an entry"),
                mistake(
                        "name: there",
                        "name: gone",
                        ": contexts \"here\": cluster is \"there\", and clusters has no entry of this name"),
                mistake(
                        "name: me",
                        "name: you",
                        ": contexts \"here\": user is \"me\", and users has no entry of this name"),
                mistake(
                        "https://127.0.0.1:9",
                        "not a url",
                        ": clusters \"there\": server is \"not a url\"; expected an address like https://10.0.0.1:6443"),
                mistake(
                        "https://",
                        "",
                        ": clusters \"there\": server is \"127.0.0.1:9\"; expected an address like https://"),
                mistake("{server: \"https://127.0.0.1:9\"}", "{}", ": clusters \"there\": server is missing; expected"),
                mistake(
                        "server:",
                        "certificate-authority: ca.crt, server:",
                        ": clusters \"there\": certificate-authority: there is no file /DIR/ca.crt that can be read"),
                mistake(
                        "token: none",
                        "client-certificate: /no/such.crt",
                        ": users \"me\": client-certificate: there is no file /no/such.crt that can be read"),
                mistake(
                        "token: none",
                        "tokenFile: t",
                        ": users \"me\": tokenFile: there is no file /DIR/t that can be"),
                mistake("token: none", "exec: {}", ": users \"me\": exec.command is missing"),
                mistake(
                        "token: none",
                        "exec: {apiVersion: client.authentication.k8s.io/v1, command: cloud-login}",
                        ": users \"me\": exec.command: there is no program cloud-login on the PATH; install it"),
                mistake(
                        "token: none",
                        "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login}",
                        ": users \"me\": exec.command: there is no program ./login; install it"));
    }

    private static Arguments mistake(String right, String wrong, String message) {
        return Arguments.of(right, wrong, message);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldByFileAndField(String right, String wrong, String message) throws IOException {
        assertThat(SOUND).contains(right);
        CommandRun run = status(SOUND.replace(right, wrong));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("sidecar: kubeconfig " + directory.resolve("config")
                        + message.replace("/DIR", directory.toString()))
                .hasLineCount(1);
    }

    @Test
    void whatIsSoundOrDoesNotMatterIsNoMistake() throws IOException {
        answersNot(SOUND);
        answersNot(SOUND.replace(", user: me", ""));
        answersNot(SOUND.replace("users: [", "users: [{name: other, user: {client-key: /no/such.key}}, "));
    }

    @Test
    void aCertificateThatIsNoneIsTold() throws IOException {
        Files.writeString(directory.resolve("me.crt"), "no certificate");
        Files.writeString(directory.resolve("me.key"), "no key");
        CommandRun run = status(SOUND.replace("token: none", "client-certificate: me.crt, client-key: me.key"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("sidecar: a certificate or key for https://127.0.0.1:9/ cannot be used"
                        + " (client-certificate, client-key): ")
                .hasLineCount(1);
    }

    private void answersNot(String kubeconfig) throws IOException {
        CommandRun run = status(kubeconfig);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains("the API server at https://127.0.0.1:9/ does not answer: ");
    }

    private CommandRun status(String kubeconfig) throws IOException {
        Path file = Files.writeString(directory.resolve("config"), kubeconfig);
        Map<String, String> environment = Map.of("HOME", "/nowhere", "PATH", directory.toString());
        return CommandRun.in(environment, "", "status", "--kubeconfig", file.toString());
    }
}

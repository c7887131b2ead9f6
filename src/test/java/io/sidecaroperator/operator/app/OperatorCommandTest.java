package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command up to the point where it would start. */
class OperatorCommandTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @Test
    void badSettingsEndWithCodeTwoAndASentence() {
        assertThat(run("--webhook-port", "x")).isEqualTo(2);
        assertThat(err.toString()).startsWith("--webhook-port is \"x\"; expected a port");
    }

    @Test
    void aMissingKubeconfigEndsWithCodeTwo() {
        assertThat(run("--kubeconfig", "/nonexistent/config")).isEqualTo(2);
        assertThat(err.toString()).startsWith("kubeconfig /nonexistent/config does not exist");
    }

    @Test
    void aPortThatIsTakenEndsWithCodeOneAndOneLine(@TempDir Path directory) throws Exception {
        Path kubeconfig = Files.writeString(
                directory.resolve("config"),
                "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"current-context\":\"c\",\"contexts\":[{\"name\":\"c\","
                        + "\"context\":{\"cluster\":\"k\"}}],\"clusters\":[{\"name\":\"k\",\"cluster\":"
                        + "{\"server\":\"http://127.0.0.1:1\"}}]}");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            assertThat(run("--kubeconfig", kubeconfig.toString(), "--webhook-host", "127.0.0.1", "--http-port", port))
                    .isEqualTo(1);

            assertThat(err.toString().strip().lines())
                    .singleElement()
                    .asString()
                    .contains("cannot listen on port " + port + " (--http-port)");
        }
    }

    @Test
    void helpNamesEachOptionWithItsVariable() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("--kubeconfig", "SIDECAR_OPERATOR_KUBECONFIG")
                .contains("--namespace", "SIDECAR_OPERATOR_NAMESPACES")
                .contains("--webhook-host", "SIDECAR_OPERATOR_WEBHOOK_HOST")
                .contains("--webhook-port", "SIDECAR_OPERATOR_WEBHOOK_PORT")
                .contains("--http-port", "SIDECAR_OPERATOR_HTTP_PORT");
    }

    private int run(String... arguments) {
        return new CommandLine(new OperatorCommand())
                .setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(out, true))
                .execute(arguments);
    }
}

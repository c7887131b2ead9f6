package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaBundleTest {
    @TempDir
    Path directory;

    private final Example example = Example.named("init-ca-bundle");
    private final String root = example.configuration("config.yaml", "root.crt");

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(directory.resolve("company"));
        Files.createDirectory(directory.resolve("bundle"));
        Files.writeString(directory.resolve("system.crt"), root);
    }

    @Test
    @DisplayName("the bundle has the public and all company authorities, even if a file has no final line break")
    void joins() throws IOException, CertificateException {
        Files.writeString(directory.resolve("company/one.crt"), root.strip());
        Files.writeString(directory.resolve("company/two.crt"), root);

        assertThat(run()).isZero();

        byte[] bundle = Files.readAllBytes(directory.resolve("bundle/ca.crt"));
        assertThat(CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bundle)))
                .hasSize(3);
    }

    @Test
    @DisplayName("without a company authority the init container fails and writes no bundle")
    void missing() {
        assertThat(run()).isNotZero();
        assertThat(directory.resolve("bundle/ca.crt")).doesNotExist();
    }

    @Test
    @DisplayName("with a file that is not a certificate the init container fails and writes no bundle")
    void broken() throws IOException {
        Files.writeString(directory.resolve("company/one.crt"), "<html>not found</html>", StandardCharsets.UTF_8);

        assertThat(run()).isNotZero();
        assertThat(directory.resolve("bundle/ca.crt")).doesNotExist();
    }

    private int run() {
        ObjectNode sidecar = example.sidecar();
        List<String> command = new ArrayList<>(Example.strings(sidecar, "command"));
        assertThat(command.get(0)).isEqualTo("/bin/sh");
        command.set(0, "bash");
        Map<String, String> environment = Map.of(
                "SYSTEM_CA", directory.resolve("system.crt").toString(),
                "COMPANY_CA", directory.resolve("company").toString(),
                "BUNDLE", directory.resolve("bundle/ca.crt").toString());
        try (Running script = Running.start(command, environment)) {
            return script.awaitEnd();
        }
    }
}

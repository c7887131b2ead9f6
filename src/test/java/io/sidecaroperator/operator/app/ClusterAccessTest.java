package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterAccessTest {
    private static final Map<String, String> IN_POD =
            Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBERNETES_SERVICE_PORT", "6443");

    @TempDir
    Path directory = Path.of("");

    @Test
    void usesTheKubeconfigThatWasNamedEvenInAPod() throws IOException {
        Path file = write("config", kubeconfig("https://192.0.2.1:6443"));
        serviceAccount();

        Config config = ClusterAccess.config(settings(file), IN_POD, directory);

        assertThat(config.getMasterUrl()).startsWith("https://192.0.2.1:6443");
        assertThat(config.getAutoOAuthToken()).isEqualTo("t-1");
        assertThat(config.getUserAgent()).isEqualTo("sidecar-operator");
    }

    @Test
    void usesTheServiceAccountInAPod() throws IOException {
        serviceAccount();

        Config config = ClusterAccess.config(settings(null), IN_POD, directory);

        assertThat(config.getMasterUrl()).isEqualTo("https://10.96.0.1:6443/");
        assertThat(config.getCaCertFile()).isEqualTo(directory.resolve("ca.crt").toString());
        assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("pod-token");
        assertThat(ClusterAccess.podNamespace(directory)).contains("ops");
    }

    @Test
    void reachesAnApiServerByIpv6() throws IOException {
        serviceAccount();

        Config config = ClusterAccess.config(settings(null), Map.of("KUBERNETES_SERVICE_HOST", "fd00::1"), directory);

        assertThat(config.getMasterUrl()).isEqualTo("https://[fd00::1]:443/");
    }

    @Test
    void outsideAPodItWantsAKubeconfigAndTakesNobodyElses() {
        assertThatThrownBy(() -> ClusterAccess.config(settings(null), Map.of("HOME", directory.toString()), directory))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("--kubeconfig FILE")
                .hasMessageContaining("SIDECAR_OPERATOR_KUBECONFIG");
        assertThat(ClusterAccess.podNamespace(directory)).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAKubeconfig() throws IOException {
        assertThatThrownBy(() -> config(directory.resolve("none"))).hasMessageEndingWith("none does not exist");
        assertThatThrownBy(() -> config(directory)).hasMessageContaining("cannot be read");
        for (String junk : List.of("{", "- 1\n", "just text")) {
            Path file = write("junk", junk);
            assertThatThrownBy(() -> config(file))
                    .as(junk)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("junk is not a kubeconfig");
        }
    }

    @Test
    void aKubeconfigWithoutAServerIsNoCluster() throws IOException {
        Path file = write("empty", "apiVersion: v1\nkind: Config\n");

        assertThatThrownBy(() -> config(file))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("names no cluster");
    }

    private Config config(Path file) {
        return ClusterAccess.config(settings(file), Map.of(), directory);
    }

    private void serviceAccount() throws IOException {
        write("token", "pod-token\n");
        write("ca.crt", "");
        write("namespace", "ops");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static Settings settings(@Nullable Path kubeconfig) {
        String given = kubeconfig == null ? null : kubeconfig.toString();
        return Settings.of(
                new Settings.Given(given, List.of(), null, null, null, null, List.of(), null),
                Map.of(),
                Optional.empty());
    }

    private static String kubeconfig(String server) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"current-context\":\"c\","
                + "\"contexts\":[{\"name\":\"c\",\"context\":{\"cluster\":\"k\",\"user\":\"u\"}}],"
                + "\"clusters\":[{\"name\":\"k\",\"cluster\":{\"server\":\"" + server + "\"}}],"
                + "\"users\":[{\"name\":\"u\",\"user\":{\"token\":\"t-1\"}}]}";
    }
}

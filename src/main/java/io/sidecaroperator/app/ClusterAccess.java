package io.sidecaroperator.app;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.sidecaroperator.cluster.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster, and as whom: the kubeconfig that was named, or the pod's ServiceAccount. Nothing else is looked at, so
 * the operator never acts with a person's own rights because a file of theirs lay about.
 */
final class ClusterAccess {
    /** Where Kubernetes puts a pod's ServiceAccount. */
    static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private ClusterAccess() {}

    /** The namespace of the pod that this process runs in, if it runs in one. */
    static Optional<String> podNamespace(Path serviceAccount) {
        try {
            return Optional.of(
                    Files.readString(serviceAccount.resolve("namespace")).trim());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * How to connect.
     *
     * @throws SettingsException when there is no cluster to connect to
     */
    static Config config(Settings settings, Map<String, String> environment, Path serviceAccount) {
        Config config = settings.kubeconfig().isPresent()
                ? fromKubeconfig(settings.kubeconfig().get())
                : fromPod(environment, serviceAccount);
        config.setUserAgent("sidecar-operator");
        return config;
    }

    private static Config fromKubeconfig(Path file) {
        try {
            return Kubeconfig.read(file, null);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(String.valueOf(e.getMessage()));
        }
    }

    private static Config fromPod(Map<String, String> environment, Path serviceAccount) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        Path token = serviceAccount.resolve("token");
        if (host.isEmpty() || !Files.isReadable(token)) {
            throw new SettingsException(
                    "no cluster to work for: this is not a pod with a ServiceAccount; give --kubeconfig"
                            + " FILE or set " + Settings.KUBECONFIG);
        }
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/")
                .withCaCertFile(serviceAccount.resolve("ca.crt").toString())
                .withOauthTokenProvider(new TokenFile(token)::current)
                .build();
    }

    /** A token that the kubelet replaces from time to time. */
    private static final class TokenFile {
        private static final long FRESH = Duration.ofSeconds(30).toNanos();

        private final Path file;
        private @Nullable String token;
        private long readAt;

        TokenFile(Path file) {
            this.file = file;
        }

        synchronized String current() {
            long now = System.nanoTime();
            if (token == null || now - readAt > FRESH) {
                token = read();
                readAt = now;
            }
            return token;
        }

        private String read() {
            try {
                return Files.readString(file).trim();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

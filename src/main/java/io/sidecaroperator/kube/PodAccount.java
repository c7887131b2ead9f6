package io.sidecaroperator.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ServiceAccount of a pod, as Kubernetes mounts it into the containers. */
public final class PodAccount {
    /** The directory where Kubernetes mounts it. */
    public static final Path DIRECTORY = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private PodAccount() {}

    /** Returns the client configuration; empty outside a pod and in a pod without a token. */
    public static Optional<Config> config(Map<String, String> environment, Path directory) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        Path token = directory.resolve("token");
        if (host.isEmpty() || !Files.isReadable(token)) {
            return Optional.empty();
        }
        return Optional.of(new ConfigBuilder(Config.empty())
                .withMasterUrl("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/")
                .withCaCertFile(directory.resolve("ca.crt").toString())
                .withOauthTokenProvider(new TokenFile(token)::current)
                .build());
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

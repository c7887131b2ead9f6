package io.sidecaroperator.operator.app;

import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.kube.Kubeconfig;
import io.sidecaroperator.kube.PodAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which cluster to use, and with which identity: the kubeconfig that was named, or the pod's ServiceAccount. Other
 * sources are ignored, so the operator never uses the rights of a person whose file happens to be there.
 */
final class ClusterAccess {
    /** The directory where Kubernetes mounts a pod's ServiceAccount. */
    static final Path SERVICE_ACCOUNT = PodAccount.DIRECTORY;

    private ClusterAccess() {}

    /** Returns the namespace of the pod in which this process runs; empty outside a pod. */
    static Optional<String> podNamespace(Path serviceAccount) {
        try {
            return Optional.of(
                    Files.readString(serviceAccount.resolve("namespace")).trim());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the client configuration.
     *
     * @throws SettingsException when there is no cluster to connect to
     */
    static Config config(Settings settings, Map<String, String> environment, Path serviceAccount) {
        Config config = settings.kubeconfig().isPresent()
                ? fromKubeconfig(settings.kubeconfig().get(), environment)
                : fromPod(environment, serviceAccount);
        config.setUserAgent("sidecar-operator");
        return config;
    }

    private static Config fromKubeconfig(Path file, Map<String, String> environment) {
        try {
            return Kubeconfig.read(file, null, environment);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(String.valueOf(e.getMessage()));
        }
    }

    private static Config fromPod(Map<String, String> environment, Path serviceAccount) {
        return PodAccount.config(environment, serviceAccount)
                .orElseThrow(() -> new SettingsException(
                        "no cluster to work for: this is not a pod with a ServiceAccount; give --kubeconfig"
                                + " FILE or set " + Settings.KUBECONFIG));
    }
}

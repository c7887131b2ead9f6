package io.sidecaroperator.cli.cluster;

import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.kube.Kubeconfig;
import io.sidecaroperator.kube.PodAccount;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cluster and the user that kubectl would choose with the same options.
 *
 * @param environment the environment, for {@code KUBECONFIG}, {@code HOME} and {@code PATH}
 * @param kubeconfig the file that was named; null for that of the environment
 * @param context the context that was named; null for the current context of the file
 * @param inCluster whether to use the ServiceAccount of the pod in which this process runs, without a kubeconfig
 */
public record Connection(
        Map<String, String> environment,
        @Nullable String kubeconfig,
        @Nullable String context,
        boolean inCluster) {

    /** Creates a connection by a kubeconfig. */
    public Connection(Map<String, String> environment, @Nullable String kubeconfig, @Nullable String context) {
        this(environment, kubeconfig, context, false);
    }

    /**
     * Returns the client configuration.
     *
     * @throws InputException when there is no cluster to connect to
     */
    public Config config() {
        if (inCluster) {
            return PodAccount.config(environment, PodAccount.DIRECTORY)
                    .orElseThrow(() -> new InputException(
                            "--in-cluster: this is not a pod with a ServiceAccount whose token is mounted"));
        }
        try {
            return Kubeconfig.read(file(), context, environment);
        } catch (InvalidPathException e) {
            throw new InputException("kubeconfig " + e.getInput() + " is no file name");
        } catch (IllegalArgumentException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        }
    }

    private Path file() {
        if (kubeconfig != null) {
            return Path.of(kubeconfig);
        }
        List<String> named = List.of(environment.getOrDefault("KUBECONFIG", "").split(File.pathSeparator, -1)).stream()
                .filter(one -> !one.isBlank())
                .toList();
        if (named.size() > 1) {
            throw new InputException("KUBECONFIG names " + named.size()
                    + " files, and they are not merged here; name one with --kubeconfig");
        }
        return named.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", ""), ".kube", "config")
                : Path.of(named.get(0));
    }
}

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
 * Which cluster, and as whom: what kubectl would choose by the same options.
 *
 * @param environment where {@code KUBECONFIG}, {@code HOME} and {@code PATH} are looked for
 * @param kubeconfig the file that was named; null for the environment's
 * @param context the context that was named; null for the file's own choice
 * @param inCluster whether to be the ServiceAccount of the pod that this process runs in, with no kubeconfig at all
 */
public record Connection(
        Map<String, String> environment,
        @Nullable String kubeconfig,
        @Nullable String context,
        boolean inCluster) {

    /** By a kubeconfig. */
    public Connection(Map<String, String> environment, @Nullable String kubeconfig, @Nullable String context) {
        this(environment, kubeconfig, context, false);
    }

    /**
     * How to connect.
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

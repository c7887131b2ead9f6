package io.sidecaroperator.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads one kubeconfig file, and nothing else of the machine's configuration. */
public final class Kubeconfig {
    private Kubeconfig() {}

    /**
     * How to connect.
     *
     * @param context the context to use; null for the file's own choice
     * @throws IllegalArgumentException with a sentence for a person when it names no cluster
     */
    public static Config read(Path file, @Nullable String context) {
        Config config = parse(file, context);
        boolean missing =
                context != null && config.getContexts().stream().noneMatch(known -> context.equals(known.getName()));
        if (missing) {
            throw new IllegalArgumentException("kubeconfig " + file + " has no context " + context);
        }
        if (config.getCurrentContext() == null) {
            throw new IllegalArgumentException("kubeconfig " + file + " names no cluster: it has no current-context");
        }
        return config;
    }

    private static Config parse(Path file, @Nullable String context) {
        try {
            return Config.fromKubeconfig(context, Files.readString(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("kubeconfig " + file + " does not exist", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("kubeconfig " + file + " cannot be read: " + e.getMessage(), e);
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw new IllegalArgumentException("kubeconfig " + file + " is not a kubeconfig: " + rootMessage(e), e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }
}

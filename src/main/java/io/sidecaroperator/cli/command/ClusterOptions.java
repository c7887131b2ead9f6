package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.cluster.Connection;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.policy.validation.TextPattern;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command finds a cluster. A kubeconfig is read only for a {@link #connection}. */
final class ClusterOptions {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The cluster and the user (default: the environment's KUBECONFIG, else ~/.kube/config).")
    private @Nullable String kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "CONTEXT",
            description = "The kubeconfig's context to use (default: its current one).")
    private @Nullable String context;

    @Option(
            names = "--operator-namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "sidecar-operator-system",
            description = "The operator's own namespace, which no policy touches (default: ${DEFAULT-VALUE}).")
    private String operatorNamespace = "";

    @Option(
            names = "--in-cluster",
            description = "Be the ServiceAccount of the pod that this runs in; no kubeconfig is read.")
    private boolean inCluster;

    /** Returns the cluster and the user. */
    Connection connection(Map<String, String> environment) {
        ClusterNames.check("--operator-namespace", operatorNamespace, TextPattern.DNS_LABEL);
        if (inCluster && (kubeconfig != null || context != null)) {
            throw new InputException("--in-cluster reads no kubeconfig: give either it, or --kubeconfig and --context");
        }
        return new Connection(environment, kubeconfig, context, inCluster);
    }

    String operatorNamespace() {
        return operatorNamespace;
    }

    /** Whether one of the options was given, although they have no meaning without a cluster. */
    boolean isGiven() {
        return kubeconfig != null || context != null || inCluster;
    }
}

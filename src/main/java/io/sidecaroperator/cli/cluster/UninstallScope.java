package io.sidecaroperator.cli.cluster;

import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.List;
import java.util.Optional;

/**
 * What to remove.
 *
 * @param namespaces the only namespaces; empty for all
 * @param whole whether to remove cluster-scoped objects too: the registration of the webhook, cluster policies
 * @param kinds the kinds of workloads
 * @param operatorNamespace the namespace of the operator's Deployment and lease, unless its registration names another
 * @param operatorName the name of the installation; empty for all that are registered
 */
public record UninstallScope(
        List<String> namespaces,
        boolean whole,
        WorkloadKinds kinds,
        String operatorNamespace,
        Optional<String> operatorName) {
    public UninstallScope {
        namespaces = List.copyOf(namespaces);
    }

    String name() {
        return operatorName.orElse(OperatorInstallation.USUAL_NAME);
    }
}

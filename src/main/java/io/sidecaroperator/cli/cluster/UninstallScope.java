package io.sidecaroperator.cli.cluster;

import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.List;
import java.util.Optional;

/**
 * What is to be cleaned.
 *
 * @param namespaces the only ones; empty for all
 * @param whole whether what is in no namespace goes too: the registration of the webhook, cluster policies
 * @param kinds the kinds of workloads
 * @param operatorNamespace where the operator's Deployment and lease are, unless its registration says otherwise
 * @param operatorName what the installation is called; empty for all that are registered
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

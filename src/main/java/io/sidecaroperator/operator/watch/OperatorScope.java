package io.sidecaroperator.operator.watch;

import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator is responsible for.
 *
 * @param namespaces the namespaces to watch; empty for all
 * @param operatorNamespace the operator's own namespace, which is never touched
 * @param kinds the kinds of workloads; those of Kubernetes are always reconciled
 * @param server version of the API server
 * @param lease the lease that a process needs to change the cluster; empty when there is only one process
 */
public record OperatorScope(
        Set<String> namespaces,
        String operatorNamespace,
        WorkloadKinds kinds,
        KubernetesVersion server,
        Optional<LeaseClaim> lease) {
    public OperatorScope {
        namespaces = Set.copyOf(namespaces);
    }

    /** The same for an operator of one process. */
    public OperatorScope(
            Set<String> namespaces, String operatorNamespace, WorkloadKinds kinds, KubernetesVersion server) {
        this(namespaces, operatorNamespace, kinds, server, Optional.empty());
    }

    /**
     * A lease that only one process of an installation has at a time.
     *
     * @param name its name in the operator's own namespace
     * @param claimant the name of this process, for people that read the lease
     */
    public record LeaseClaim(String name, String claimant) {}
}

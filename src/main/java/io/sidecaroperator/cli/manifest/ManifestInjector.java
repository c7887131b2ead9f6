package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.List;

/** Starts runs that inject into manifests and runs that remove the injected parts. */
public final class ManifestInjector {
    private final String namespace;
    private final KubernetesVersion server;
    private final WorkloadKinds kinds;

    /**
     * @param namespace the namespace of documents that do not name one
     * @param server the version of the API server that will run the pods
     * @param kinds the kinds of workloads
     */
    public ManifestInjector(String namespace, KubernetesVersion server, WorkloadKinds kinds) {
        this.namespace = namespace;
        this.server = server;
        this.kinds = kinds;
    }

    /**
     * Starts a run that gives every workload what the policies want.
     *
     * @param input the objects of the input that affect others: policies, Namespaces, LimitRanges; other objects do no
     *     harm
     * @param given policies that are not in the input
     * @throws InputException when a policy cannot be used
     */
    public ManifestRun injecting(List<ManifestObject> input, List<ManifestObject> given, Report report) {
        ManifestPolicies policies = ManifestPolicies.of(input, given);
        return new Injecting(
                new Injecting.InjectionSettings(policies, new InputNamespaces(input, namespace), namespace, server),
                kinds,
                report);
    }

    /** Starts a run that removes from every workload what its receipt lists. */
    public ManifestRun uninjecting(Report report) {
        return new Uninjecting(namespace, kinds, report);
    }
}

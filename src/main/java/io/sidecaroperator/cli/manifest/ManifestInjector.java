package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.List;

/** Starts runs that inject into manifests and that take injection out of them. */
public final class ManifestInjector {
    private final String namespace;
    private final KubernetesVersion server;
    private final WorkloadKinds kinds;

    /**
     * @param namespace where documents that name no namespace belong
     * @param server the version of the API server that will run the pods
     * @param kinds the kinds of workloads
     */
    public ManifestInjector(String namespace, KubernetesVersion server, WorkloadKinds kinds) {
        this.namespace = namespace;
        this.server = server;
        this.kinds = kinds;
    }

    /**
     * Gives every workload what the policies want.
     *
     * @param input the objects of the input that have a say: policies, Namespaces, LimitRanges; others do no harm
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

    /** Takes out of every workload what its receipt says was injected. */
    public ManifestRun uninjecting(Report report) {
        return new Uninjecting(namespace, kinds, report);
    }
}

package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Facts;
import io.sidecaroperator.core.injection.Occasion;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKind;

/** Collects from the watches all that the engine may know about a workload; it asks the API server for nothing. */
public final class FactsGatherer {
    private final Namespaces namespaces;
    private final LimitRanges limitRanges;
    private final KubernetesVersion server;

    public FactsGatherer(Namespaces namespaces, LimitRanges limitRanges, KubernetesVersion server) {
        this.namespaces = namespaces;
        this.limitRanges = limitRanges;
        this.server = server;
    }

    /** Whether nothing about the namespace of these facts has changed since they were gathered. */
    public boolean areCurrent(Facts facts) {
        String namespace = facts.ref().namespace();
        return namespaces
                .state(namespace)
                .filter(state -> !state.terminating())
                .map(state -> inNamespace(namespace, state))
                .filter(facts.namespace()::equals)
                .isPresent();
    }

    /** The facts about a workload whose namespace is known. */
    public Facts gather(WorkloadRef ref, ObjectNode workload, ObjectNode template, Namespaces.KnownNamespace namespace) {
        return Facts.ofTemplate(
                        ref, inNamespace(ref.namespace(), namespace), template, server, Occasion.Reconcile.FREELY)
                .withClaimNames(WorkloadKind.claimNames(workload))
                .withOrphaned(OrphanedAnnotation.of(workload));
    }

    private Facts.InNamespace inNamespace(String name, Namespaces.KnownNamespace state) {
        return new Facts.InNamespace(state.labels(), namespaces.isProtected(name), limitRanges.in(name));
    }
}

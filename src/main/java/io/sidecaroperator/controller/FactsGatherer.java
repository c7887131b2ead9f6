package io.sidecaroperator.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Facts;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.engine.Occasion;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.workload.OrphanedAnnotation;
import io.sidecaroperator.workload.WorkloadKind;

/** Collects from the watches all that the engine may know about a workload; it asks the API server for nothing. */
final class FactsGatherer {
    private final Namespaces namespaces;
    private final LimitRanges limitRanges;
    private final KubernetesVersion server;

    FactsGatherer(Namespaces namespaces, LimitRanges limitRanges, KubernetesVersion server) {
        this.namespaces = namespaces;
        this.limitRanges = limitRanges;
        this.server = server;
    }

    /** Whether nothing about the namespace of these facts has changed since they were gathered. */
    boolean areCurrent(Facts facts) {
        String namespace = facts.ref().namespace();
        return namespaces
                .state(namespace)
                .filter(state -> !state.terminating())
                .map(state -> inNamespace(namespace, state))
                .filter(facts.namespace()::equals)
                .isPresent();
    }

    /** The facts about a workload whose namespace is known. */
    Facts gather(WorkloadRef ref, ObjectNode workload, ObjectNode template, Namespaces.KnownNamespace namespace) {
        return Facts.ofTemplate(
                        ref, inNamespace(ref.namespace(), namespace), template, server, Occasion.Reconcile.FREELY)
                .withClaimNames(WorkloadKind.claimNames(workload))
                .withOrphaned(OrphanedAnnotation.of(workload));
    }

    private Facts.InNamespace inNamespace(String name, Namespaces.KnownNamespace state) {
        return new Facts.InNamespace(state.labels(), namespaces.isProtected(name), limitRanges.in(name));
    }
}

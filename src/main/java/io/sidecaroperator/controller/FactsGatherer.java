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

    /** The facts about a workload whose namespace is known. */
    Facts gather(WorkloadRef ref, ObjectNode workload, ObjectNode template, Namespaces.State namespace) {
        return Facts.ofTemplate(
                        ref,
                        new Facts.InNamespace(
                                namespace.labels(),
                                namespaces.isProtected(ref.namespace()),
                                limitRanges.in(ref.namespace())),
                        template,
                        server,
                        Occasion.Reconcile.FREELY)
                .withClaimNames(WorkloadKind.claimNames(workload))
                .withOrphaned(OrphanedAnnotation.of(workload));
    }
}

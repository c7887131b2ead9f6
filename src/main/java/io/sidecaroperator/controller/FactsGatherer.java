package io.sidecaroperator.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Facts;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.engine.Occasion;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.workload.WorkloadKind;
import java.util.List;

/** Collects from the watches all that the engine may know about a workload; it asks the API server for nothing. */
final class FactsGatherer {
    private final Namespaces namespaces;
    private final KubernetesVersion server;

    FactsGatherer(Namespaces namespaces, KubernetesVersion server) {
        this.namespaces = namespaces;
        this.server = server;
    }

    /** The facts about a workload whose namespace is known. */
    Facts gather(WorkloadRef ref, ObjectNode workload, ObjectNode template, Namespaces.State namespace) {
        return Facts.ofTemplate(
                        ref,
                        new Facts.InNamespace(namespace.labels(), namespaces.isProtected(ref.namespace()), List.of()),
                        template,
                        server,
                        Occasion.Reconcile.FREELY)
                .withClaimNames(WorkloadKind.claimNames(workload));
    }
}

package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKind;

/**
 * Collects everything that the engine may know about a workload from the watches, without a request to the API server.
 */
public final class InputGatherer {
    private final Namespaces namespaces;
    private final LimitRanges limitRanges;
    private final KubernetesVersion server;

    public InputGatherer(Namespaces namespaces, LimitRanges limitRanges, KubernetesVersion server) {
        this.namespaces = namespaces;
        this.limitRanges = limitRanges;
        this.server = server;
    }

    /** Whether the namespace still is as it was when this input was gathered. */
    public boolean areCurrent(Input input) {
        String namespace = input.ref().namespace();
        return namespaces
                .state(namespace)
                .filter(state -> !state.terminating())
                .map(state -> inNamespace(namespace, state))
                .filter(input.namespace()::equals)
                .isPresent();
    }

    /** Returns the input for a workload whose namespace is known. */
    public Input gather(
            WorkloadRef ref, ObjectNode workload, ObjectNode template, Namespaces.KnownNamespace namespace) {
        return Input.ofTemplate(ref, inNamespace(ref.namespace(), namespace), template, server, Trigger.Resync.FREELY)
                .withClaimNames(WorkloadKind.claimNames(workload))
                .withOrphaned(OrphanedAnnotation.of(workload));
    }

    private Input.InNamespace inNamespace(String name, Namespaces.KnownNamespace state) {
        return new Input.InNamespace(state.labels(), namespaces.isProtected(name), limitRanges.in(name));
    }
}

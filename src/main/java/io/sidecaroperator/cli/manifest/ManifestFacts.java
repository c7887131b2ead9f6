package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKind;

/** Gathers the engine's input about a workload of a manifest. */
public final class ManifestFacts {
    private ManifestFacts() {}

    /** Returns what the engine may know about a workload with this template. */
    public static Input of(
            WorkloadKind kind,
            ManifestObject object,
            ObjectNode template,
            WorkloadRef ref,
            Input.InNamespace namespace,
            KubernetesVersion server) {
        return new Input(
                ref,
                namespace,
                WorkloadKind.claimNames(object.tree()),
                template,
                kind.equals(WorkloadKind.POD),
                server,
                new Trigger.Offline(),
                OrphanedAnnotation.of(object.tree()));
    }
}

package io.sidecaroperator.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Facts;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.engine.Occasion;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.workload.OrphanedAnnotation;
import io.sidecaroperator.workload.WorkloadKind;

/** The facts about a workload of a manifest. */
public final class ManifestFacts {
    private ManifestFacts() {}

    /** What the engine may know of a workload that has this template. */
    public static Facts of(
            WorkloadKind kind,
            ManifestObject object,
            ObjectNode template,
            WorkloadRef ref,
            Facts.InNamespace namespace,
            KubernetesVersion server) {
        return new Facts(
                ref,
                namespace,
                WorkloadKind.claimNames(object.tree()),
                template,
                kind.equals(WorkloadKind.POD),
                server,
                new Occasion.Manifest(),
                OrphanedAnnotation.of(object.tree()));
    }
}

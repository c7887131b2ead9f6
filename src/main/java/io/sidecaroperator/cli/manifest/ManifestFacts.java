package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Facts;
import io.sidecaroperator.core.injection.Occasion;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKind;

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

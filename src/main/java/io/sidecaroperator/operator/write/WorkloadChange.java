package io.sidecaroperator.operator.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.Optional;

/**
 * What has to be written to a workload: the template, the last-write annotation, and the annotation of policies that
 * left their parts to the user.
 *
 * @param operations one JSON Patch; empty when there is no difference
 * @param identity what distinguishes this write from an earlier one
 * @param parts the injected parts, to detect that another writer reverts them; empty when the template does not change
 */
public record WorkloadChange(ArrayNode operations, String identity, Optional<String> parts) {
    private static final int DIGITS = 32;
    private static final WorkloadChange NONE = new WorkloadChange(Json.array(), "", Optional.empty());

    /**
     * Returns the change from a workload as it is to the wanted state.
     *
     * @param record the last-write annotation of a write that changes the template; empty when its rollout need not be
     *     watched
     * @param marked the earlier last-write annotation, if it has to remember now that the workload is complete
     */
    public static WorkloadChange of(
            WorkloadKind kind,
            ObjectNode workload,
            Injection injection,
            boolean inSync,
            Optional<LastWrite> record,
            Optional<LastWrite> marked) {
        ObjectNode template = injection.input().template();
        ArrayNode operations =
                inSync ? Json.array() : Patch.under(kind.template(), Patch.diff(template, injection.template()));
        ObjectNode recorded = inSync
                ? marked.map(done -> done.on(workload)).orElse(workload)
                : record.map(newest -> newest.on(workload)).orElseGet(() -> LastWrite.off(workload));
        ObjectNode besides = OrphanedAnnotation.with(recorded, Orphans.after(injection, !inSync));
        operations.addAll(Patch.diff(workload, besides));
        if (operations.isEmpty()) {
            return NONE;
        }
        String identity = Canonical.hash(template, DIGITS)
                + Canonical.hash(injection.template(), DIGITS)
                + (inSync ? Canonical.hash(besides, DIGITS) : OrphanedAnnotation.of(besides));
        return new WorkloadChange(
                operations,
                identity,
                inSync ? Optional.empty() : Optional.of(ContentionBackoff.about(injection.template())));
    }
}

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
 * What has to be written to a workload: to its template, the record of that, and the mark of policies that left their
 * parts to the user.
 *
 * @param operations one JSON Patch; empty when nothing differs
 * @param identity what makes it another write than an earlier one
 * @param parts what is fought over when it is taken back; empty when it changes no template
 */
public record WorkloadChange(ArrayNode operations, String identity, Optional<String> parts) {
    private static final int DIGITS = 32;
    private static final WorkloadChange NONE = new WorkloadChange(Json.array(), "", Optional.empty());

    /**
     * The change from a workload as it is to what is wanted.
     *
     * @param record the record of a write that changes the template; empty when nobody has to follow what comes of it
     * @param marked the last write's record, if it is to remember now that the workload is complete
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

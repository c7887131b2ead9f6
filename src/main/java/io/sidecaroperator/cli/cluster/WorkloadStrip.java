package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.Ownership;
import io.sidecaroperator.core.workload.Restarts;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the removal of the operator from the cluster changes in one workload.
 *
 * @param taken policies whose parts are removed
 * @param left policies whose parts are left to the user
 * @param unreadable whether it has a receipt that cannot be read, so that its parts stay
 * @param restarts whether the template changes
 * @param pods how many pods are replaced for that
 * @param deferred whether its owner decides when
 * @param version the version of the object that the operations are for
 * @param operations one JSON Patch; empty when nothing changes
 */
public record WorkloadStrip(
        WorkloadPlace place,
        WorkloadRef ref,
        List<PolicyKey> taken,
        List<PolicyKey> left,
        boolean unreadable,
        boolean restarts,
        int pods,
        boolean deferred,
        List<Note> notes,
        String version,
        ArrayNode operations) {
    public WorkloadStrip {
        taken = List.copyOf(taken);
        left = List.copyOf(left);
        notes = List.copyOf(notes);
    }

    /**
     * Returns what changes in a workload. Empty when it has no parts of policies, is being deleted, or is changed by
     * its owner only.
     *
     * @param terminating policies that leave their parts to the user
     */
    static Optional<WorkloadStrip> of(
            WorkloadPlace place, ObjectNode workload, Set<PolicyKey> terminating, WorkloadKinds kinds) {
        Optional<ObjectNode> template = place.kind().templateOf(workload);
        boolean leftAlone = workload.path("metadata").hasNonNull("deletionTimestamp")
                || Ownership.controllerOf(workload)
                        .filter(owner -> kinds.isLeftTo(owner, place.kind()))
                        .isPresent();
        if (leftAlone || template.isEmpty() || !bearsMarks(workload, template.get())) {
            return Optional.empty();
        }
        WorkloadStrip strip = of(place, workload, template.get(), terminating);
        return strip.operations().isEmpty() && !strip.unreadable() ? Optional.empty() : Optional.of(strip);
    }

    /** Returns the policies that still have parts here if the change is refused. */
    Set<PolicyKey> policies() {
        Set<PolicyKey> policies = new LinkedHashSet<>(taken);
        policies.addAll(left);
        return policies;
    }

    private static WorkloadStrip of(
            WorkloadPlace place, ObjectNode workload, ObjectNode template, Set<PolicyKey> terminating) {
        WorkloadRef ref = place.kind().refOf(workload, "");
        Set<PolicyKey> users = new TreeSet<>(OrphanedAnnotation.of(workload));
        terminating.stream().filter(key -> key.mayReach(ref.namespace())).forEach(users::add);
        Optional<Receipt> receipt = Engine.receiptOf(template);
        Set<PolicyKey> named =
                new LinkedHashSet<>(receipt.orElse(Receipt.EMPTY).entries().keySet());
        users.retainAll(named);
        named.removeAll(users);
        // The receipt entries of policies that leave their parts are not a reason for a rollout: the next change
        // removes them.
        boolean restarts = !named.isEmpty();
        Engine.Stripped stripped = restarts ? Engine.strip(template, users) : new Engine.Stripped(template, List.of());
        ArrayNode operations = Patch.under(place.kind().template(), Patch.diff(template, stripped.template()));
        operations.addAll(
                Patch.diff(workload, OrphanedAnnotation.with(LastWrite.off(workload), restarts ? Set.of() : users)));
        return new WorkloadStrip(
                place,
                ref,
                List.copyOf(named),
                List.copyOf(users),
                receipt.isEmpty() && Engine.hasReceipt(template),
                restarts,
                restarts ? Restarts.of(place.kind(), workload) : 0,
                RolloutState.of(place.kind(), workload) == RolloutState.DEFERRED,
                stripped.notes(),
                String.valueOf(Json.textAt(workload.path("metadata"), "resourceVersion")),
                operations);
    }

    /** Whether a workload has annotations of the operator. Most workloads do not, and need not be copied. */
    private static boolean bearsMarks(JsonNode workload, ObjectNode template) {
        JsonNode annotations = workload.path("metadata").path("annotations");
        return Engine.hasReceipt(template)
                || annotations.has(LastWrite.ANNOTATION)
                || annotations.has(OrphanedAnnotation.NAME);
    }
}

package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.Ownership;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.Optional;
import java.util.Set;

/**
 * A workload as its own annotations describe it: the receipt in the template, and the operator's last write.
 *
 * @param receipt the parts that it has
 * @param record the last write, if the user's part of the template is still that of the write
 * @param orphaned policies that are gone and left their parts to the user
 */
public record ObservedWorkload(
        WorkloadRef ref,
        Optional<Receipt> receipt,
        Optional<LastWrite> record,
        Set<PolicyKey> orphaned,
        RolloutState rollout) {

    /** Empty for a workload without such annotations, and for one whose owner decides. */
    static Optional<ObservedWorkload> of(WorkloadPlace place, ObjectNode workload, WorkloadKinds kinds) {
        Optional<ObjectNode> template = place.kind().templateOf(workload);
        boolean left = Ownership.controllerOf(workload)
                .filter(owner -> kinds.isLeftTo(owner, place.kind()))
                .isPresent();
        Optional<LastWrite> record = LastWrite.of(workload);
        if (left || template.isEmpty() || record.isEmpty() && !Engine.hasReceipt(template.get())) {
            return Optional.empty();
        }
        String uid = workload.path("metadata").path("uid").asText();
        return Optional.of(new ObservedWorkload(
                place.kind().refOf(workload, ""),
                Engine.receiptOf(template.get()),
                record.filter(one -> one.uid().equals(uid)
                        && one.template()
                                .equals(LastWrite.hashOf(
                                        Engine.strip(template.get()).template()))),
                OrphanedAnnotation.of(workload),
                RolloutState.of(place.kind(), workload)));
    }

    /** Whether the operator's last write to this policy's parts is still rolling out. */
    public boolean isRollingOut(PolicyKey policy) {
        return rollout == RolloutState.PROGRESSING
                && record.filter(one -> one.changes().containsKey(policy)).isPresent();
    }

    /** Returns the revision of a policy that the workload has. */
    public Optional<String> retained(PolicyKey policy) {
        return receipt.map(one -> one.entries().get(policy)).map(Receipt.Entry::revision);
    }
}

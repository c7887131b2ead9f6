package io.sidecaroperator.core.explain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import java.util.List;
import java.util.Optional;

/**
 * What would happen to one workload.
 *
 * @param before the live template
 * @param after the template as if policies released everything that is pending
 * @param changes what each policy contributes to the difference; empty when the templates are equal
 * @param now whether the operator changes the template already, possibly to another one than {@code after}
 * @param pods the pods that the change replaces by itself
 * @param deferred whether its owner decides when pods follow the template
 * @param verdicts the policies that select it and are not injected
 */
public record WorkloadPreview(
        WorkloadRef ref,
        ObjectNode before,
        ObjectNode after,
        List<PolicyChange> changes,
        boolean now,
        int pods,
        boolean deferred,
        List<PreviewVerdict> verdicts) {
    public WorkloadPreview {
        changes = List.copyOf(changes);
        verdicts = List.copyOf(verdicts);
    }

    /** Whether there is anything to change. */
    public boolean differs() {
        return !changes.isEmpty();
    }

    /** Whether a part of the change is pending for this reason. */
    public boolean isPendingFor(Reason reason) {
        return changes.stream().anyMatch(change -> change.pendingFor().equals(Optional.of(reason)));
    }
}

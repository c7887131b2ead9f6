package io.sidecaroperator.engine;

import java.util.List;
import java.util.Optional;

/**
 * What became of one policy on one template.
 *
 * @param revision the policy's revision as it is now
 * @param carriedRevision the revision that the template's receipt named before, if any
 * @param plan what it adds; empty when it adds nothing. A refused policy may have a plan: what it carries stays
 */
public record PolicyOutcome(
        PolicyKey policy, String revision, Optional<String> carriedRevision, Decision decision, Optional<Plan> plan) {

    /** The notes of the plan. */
    public List<Note> notes() {
        return plan.map(Plan::notes).orElse(List.of());
    }

    /** Whether the policy's selector reaches the workload at all. */
    public boolean matched() {
        return !(decision instanceof Decision.Skip skip && skip.reason() == Reason.NotSelected);
    }
}

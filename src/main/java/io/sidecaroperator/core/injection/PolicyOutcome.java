package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import java.util.List;
import java.util.Optional;

/**
 * The result of one policy on one template.
 *
 * @param revision the policy's present revision
 * @param retainedRevision the revision that the template's receipt named before, if any
 * @param decidedBy the check that decided; empty when all checks passed, or none ran
 * @param pending why a policy that could be injected at its present revision is not injected yet, if so
 * @param plan what it adds; empty when it adds nothing. A refused or pending policy may have a plan: its parts stay
 */
public record PolicyOutcome(
        PolicyKey policy,
        String revision,
        Optional<String> retainedRevision,
        Decision decision,
        Optional<Check> decidedBy,
        Optional<Pending> pending,
        Optional<Plan> plan) {

    /** The same outcome, pending for this reason. */
    PolicyOutcome pendingFor(Pending reason) {
        return new PolicyOutcome(policy, revision, retainedRevision, decision, decidedBy, Optional.of(reason), plan);
    }

    /** The notes of the plan. */
    public List<Note> notes() {
        return plan.map(Plan::notes).orElse(List.of());
    }

    /** The revision that this outcome gives the template. */
    public Optional<String> givenRevision() {
        return plan.map(given -> given.receipt().revision());
    }

    /** What happens to the policy's parts; empty when the template keeps its revision, or has none of the policy. */
    public Optional<ChangeKind> change() {
        if (retainedRevision.equals(givenRevision())) {
            return Optional.empty();
        }
        if (retainedRevision.isEmpty()) {
            return Optional.of(ChangeKind.Inject);
        }
        return Optional.of(givenRevision().isEmpty() ? ChangeKind.Remove : ChangeKind.Update);
    }

    /** Whether the policy's selector reaches the workload. */
    public boolean matched() {
        return !(decision instanceof Decision.Skip skip && skip.reason() == Reason.NotSelected);
    }
}

package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyState;
import java.util.Optional;

/**
 * Which revision of a policy a workload should have. One table for the reconciler and for admission, so that a user's
 * own change never brings a revision that the rollout still has pending. It is for workloads that the policy selects
 * and that can take it, and for policies that are not being deleted.
 *
 * @param target the revision
 * @param why why it is not the newest
 */
public record RevisionChoice(TargetRevision target, Optional<Reason> why) {
    /** The revisions to choose from. */
    public enum TargetRevision {
        /** No parts of the policy. */
        NONE,
        /** The revision that the workload has, if any. */
        RETAINED,
        /** The revision that is known to work, if any. */
        PROVEN,
        /** The present revision of the policy. */
        NEWEST
    }

    /** The present revision of the policy, without a reason against it. */
    static final RevisionChoice NEWEST = of(Optional.empty(), TargetRevision.NEWEST);

    /** The choice for a workload or Pod that is created: it has no earlier revision to keep. */
    static RevisionChoice onCreate(CompiledPolicy policy) {
        return of(pending(policy), policy.state().audit() ? TargetRevision.NONE : TargetRevision.PROVEN);
    }

    /** The choice for a stored workload that the operator reconciles by itself. */
    static RevisionChoice onReconcile(CompiledPolicy policy, boolean failedHere, boolean isQueued) {
        Optional<Reason> why = pending(policy)
                .or(() -> when(policy.state().onNextRollout(), Reason.AwaitsOwner))
                .or(() -> when(isQueued, Reason.AwaitsTurn));
        boolean goesBack = failedHere && why.equals(Optional.of(Reason.RevisionFailed));
        return of(why, goesBack ? TargetRevision.PROVEN : TargetRevision.RETAINED);
    }

    /** The choice for a stored workload that another client changes. */
    static RevisionChoice onUpdate(CompiledPolicy policy) {
        PolicyState state = policy.state();
        boolean proven = state.proven().equals(Optional.of(policy.revision()));
        return of(
                pending(policy).or(() -> when(!proven && !state.onNextRollout(), Reason.NotProven)),
                TargetRevision.RETAINED);
    }

    /** The choice for a manifest outside of a cluster. */
    static RevisionChoice inManifest(CompiledPolicy policy) {
        return of(pending(policy), TargetRevision.RETAINED);
    }

    /** Why the newest revision is pending, whatever the trigger. */
    private static Optional<Reason> pending(CompiledPolicy policy) {
        return when(policy.state().audit(), Reason.Audited)
                .or(() -> when(policy.state().paused(), Reason.Paused))
                .or(() -> when(policy.hasFailed(), Reason.RevisionFailed));
    }

    private static Optional<Reason> when(boolean holds, Reason reason) {
        return holds ? Optional.of(reason) : Optional.empty();
    }

    private static RevisionChoice of(Optional<Reason> why, TargetRevision otherwise) {
        return new RevisionChoice(why.isPresent() ? otherwise : TargetRevision.NEWEST, why);
    }
}

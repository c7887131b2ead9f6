package io.sidecaroperator.engine;

import java.util.Optional;

/**
 * Which revision of a policy a workload is to have: one table for the reconciler and for admission, so that a user's own
 * change never brings what the rollout holds back.
 *
 * @param wish the revision
 * @param why why it is not the newest
 */
public record RevisionChoice(Wish wish, Optional<Reason> why) {
    /** What there is to choose from. */
    public enum Wish {
        /** Nothing of the policy. */
        NONE,
        /** What the workload carries, or nothing. */
        CARRIED,
        /** The revision that is known to work, or nothing. */
        PROVEN,
        /** The policy as it is now. */
        NEWEST
    }

    private static final RevisionChoice NEWEST = new RevisionChoice(Wish.NEWEST, Optional.empty());

    /**
     * The choice for a workload that the policy selects and could be injected into. A policy that is being deleted, or
     * does not select it, gives none: nobody asks.
     */
    public static RevisionChoice of(CompiledPolicy policy, Occasion occasion) {
        PolicyState state = policy.state();
        boolean failed = policy.hasFailed();
        boolean proven = state.proven().equals(Optional.of(policy.revision()));
        if (occasion instanceof Occasion.Create) {
            return onCreate(state, failed);
        }
        if (state.audit()) {
            return new RevisionChoice(Wish.CARRIED, Optional.of(Reason.Audited));
        }
        if (state.paused()) {
            return new RevisionChoice(Wish.CARRIED, Optional.of(Reason.Paused));
        }
        if (failed) {
            boolean failedHere = occasion instanceof Occasion.Reconcile reconcile
                    && reconcile.failed().contains(policy.key());
            return new RevisionChoice(failedHere ? Wish.PROVEN : Wish.CARRIED, Optional.of(Reason.RevisionFailed));
        }
        if (occasion instanceof Occasion.Reconcile) {
            return onReconcile(policy, state, occasion);
        }
        if (occasion instanceof Occasion.Update && !proven && !state.onNextRollout()) {
            return new RevisionChoice(Wish.CARRIED, Optional.of(Reason.NotProven));
        }
        return NEWEST;
    }

    private static RevisionChoice onCreate(PolicyState state, boolean failed) {
        if (state.audit()) {
            return new RevisionChoice(Wish.NONE, Optional.of(Reason.Audited));
        }
        if (state.paused()) {
            return new RevisionChoice(Wish.PROVEN, Optional.of(Reason.Paused));
        }
        return failed ? new RevisionChoice(Wish.PROVEN, Optional.of(Reason.RevisionFailed)) : NEWEST;
    }

    private static RevisionChoice onReconcile(CompiledPolicy policy, PolicyState state, Occasion occasion) {
        if (state.onNextRollout()) {
            return new RevisionChoice(Wish.CARRIED, Optional.of(Reason.AwaitsOwner));
        }
        return occasion.awaitsTurn(policy.key())
                ? new RevisionChoice(Wish.CARRIED, Optional.of(Reason.AwaitsTurn))
                : NEWEST;
    }
}

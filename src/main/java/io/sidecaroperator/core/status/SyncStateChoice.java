package io.sidecaroperator.core.status;

import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Pending;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.rollout.SyncState;
import java.util.Optional;

/**
 * The sync status of a workload under a policy after a reconciliation: one table over the engine's decision and the
 * result of the write. The first line that fits gives the sync state.
 *
 * <pre>
 *   decision | and                                        | state    | because of
 *   Inject   | the policy's write was rejected            | REFUSED  | the rejection
 *   Inject   | the policy's write is still to be done     | OUTDATED | -, until it is done
 *   Inject   | the engine has the policy pending          | OUTDATED | the pending reason
 *   Inject   |                                            | INJECTED | -
 *   Refuse   |                                            | REFUSED  | the refusal
 *   Skip     | its parts are kept, and it is not pending  | ORPHANED | the skip
 *   Skip     | the policy selects the workload            | SKIPPED  | the skip
 *   Skip     | its parts are still there                  | LEAVING  | the rejection, if there was one
 *   Skip     |                                            | -        |
 * </pre>
 */
final class SyncStateChoice {
    private final PolicyOutcome outcome;
    private final PolicyWrite result;
    private final Optional<String> retained;

    private SyncStateChoice(PolicyOutcome outcome, PolicyWrite result) {
        this.outcome = outcome;
        this.result = result;
        this.retained = result.effect == Effect.DONE ? outcome.givenRevision() : outcome.retainedRevision();
    }

    /** What the write means for one policy. */
    enum Effect {
        /** The workload is as the policy wants it. */
        DONE,
        /** The write is still to be done, and changes the policy's parts. */
        PENDING,
        /** The write was rejected, and would have changed the policy's parts. */
        REJECTED,
        /** The write is not done, and concerns other policies. */
        OF_OTHERS
    }

    /**
     * The result of the write for one policy.
     *
     * @param reason why it was rejected, if it was
     * @param message a sentence about a write that is not done
     */
    record PolicyWrite(Effect effect, Optional<Reason> reason, String message) {
        private static final PolicyWrite DONE = new PolicyWrite(Effect.DONE, Optional.empty(), "");
        private static final PolicyWrite OF_OTHERS = new PolicyWrite(Effect.OF_OTHERS, Optional.empty(), "");

        /** Returns the result for a policy of this injection. */
        static PolicyWrite of(WriteResult write, PolicyOutcome outcome, Injection injection) {
            if (write instanceof WriteResult.Done) {
                return DONE;
            }
            if (!isAbout(write, outcome, injection)) {
                return OF_OTHERS;
            }
            return write instanceof WriteResult.Rejected rejected
                    ? new PolicyWrite(Effect.REJECTED, Optional.of(rejected.reason()), rejected.message())
                    : new PolicyWrite(Effect.PENDING, Optional.empty(), ((WriteResult.Postponed) write).why());
        }

        /** A write that changes no policy's revision is a repair, so it concerns every policy. */
        private static boolean isAbout(WriteResult write, PolicyOutcome outcome, Injection injection) {
            boolean besides = write instanceof WriteResult.Postponed pending && !pending.ofTemplate();
            return !besides
                    && (outcome.change().isPresent()
                            || injection.outcomes().stream()
                                    .allMatch(other -> other.change().isEmpty()));
        }
    }

    /**
     * The sync status under the policy of this outcome; empty when the policy neither selects the workload nor has
     * parts in it.
     */
    static Optional<SyncStatus> of(PolicyOutcome outcome, Injection injection, WriteResult write) {
        boolean orphaned = injection.input().orphaned().contains(outcome.policy());
        return new SyncStateChoice(outcome, PolicyWrite.of(write, outcome, injection)).choose(orphaned);
    }

    private Optional<SyncStatus> choose(boolean orphaned) {
        if (outcome.decision() instanceof Decision.Inject) {
            return Optional.of(ofInject());
        }
        if (outcome.decision() instanceof Decision.Refuse refuse) {
            return Optional.of(syncStatus(SyncState.REFUSED, refuse.reason(), refuse.message()));
        }
        return ofSkip((Decision.Skip) outcome.decision(), orphaned);
    }

    private SyncStatus ofInject() {
        return switch (result.effect) {
            case REJECTED -> syncStatus(SyncState.REFUSED, result.reason, result.message);
            case PENDING -> syncStatus(SyncState.OUTDATED, Optional.empty(), result.message);
            case DONE, OF_OTHERS ->
                outcome.pending()
                        .map(this::ofPending)
                        .orElseGet(() -> syncStatus(SyncState.INJECTED, Optional.empty(), ""));
        };
    }

    private SyncStatus ofPending(Pending pending) {
        return syncStatus(SyncState.OUTDATED, pending.reason(), pending.message());
    }

    private Optional<SyncStatus> ofSkip(Decision.Skip skip, boolean orphaned) {
        if (skip.reason().keepsParts()
                && outcome.plan().isPresent()
                && outcome.pending().isEmpty()) {
            SyncStatus stays = syncStatus(SyncState.ORPHANED, skip.reason(), skip.message());
            boolean marked = skip.reason() == Reason.LeftToUser && (orphaned || result.effect == Effect.DONE);
            return Optional.of(marked ? stays.leftToUser() : stays);
        }
        if (outcome.matched()) {
            return Optional.of(syncStatus(SyncState.SKIPPED, skip.reason(), skip.message()));
        }
        return retained.map(revision -> syncStatus(SyncState.LEAVING, result.reason, result.message));
    }

    private SyncStatus syncStatus(SyncState syncState, Reason reason, String message) {
        return syncStatus(syncState, Optional.of(reason), message);
    }

    private SyncStatus syncStatus(SyncState syncState, Optional<Reason> reason, String message) {
        return SyncStatus.now(syncState, reason, message, retained);
    }
}

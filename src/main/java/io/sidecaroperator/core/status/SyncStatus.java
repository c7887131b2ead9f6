package io.sidecaroperator.core.status;

import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.rollout.SyncState;
import java.time.Instant;
import java.util.Optional;

/**
 * How a workload stands to one policy, and why.
 *
 * @param reason the cause of anything but a plain injection
 * @param message a sentence for a person; empty where there is nothing to say
 * @param carried the revision that the workload's receipt names, if any
 * @param kept whether parts of the policy are there that it still answers for: not those marked as the user's
 * @param waits whether it is to get another revision, or to lose the policy's parts, and waits for its turn
 * @param since when standing and reason became so; {@link Instant#EPOCH} when that was before this process looked
 */
public record SyncStatus(
        SyncState standing,
        Optional<Reason> reason,
        String message,
        Optional<String> carried,
        boolean kept,
        boolean waits,
        Instant since) {

    /** A standing that is given its time when it is recorded. */
    static SyncStatus now(SyncState standing, Optional<Reason> reason, String message, Optional<String> carried) {
        return new SyncStatus(standing, reason, message, carried, carried.isPresent(), false, Instant.EPOCH);
    }

    /** The same statement, whenever it was first made. */
    boolean sameAs(SyncStatus other) {
        return standing == other.standing && reason.equals(other.reason);
    }

    /** Whether a person should know of it: one that is only held back is counted, unless somebody has to do something. */
    public boolean isException() {
        return reason.isPresent()
                && standing != SyncState.ORPHANED
                && (standing != SyncState.OUTDATED || reason.get() == Reason.DeletePodByHand);
    }

    SyncStatus since(Instant time) {
        return new SyncStatus(standing, reason, message, carried, kept, waits, time);
    }

    SyncStatus waiting(boolean newWaits) {
        return new SyncStatus(standing, reason, message, carried, kept, newWaits, since);
    }

    SyncStatus leftToUser() {
        return new SyncStatus(standing, reason, message, carried, false, waits, since);
    }

    SyncStatus because(Reason newReason, String newMessage) {
        return new SyncStatus(standing, Optional.of(newReason), newMessage, carried, kept, waits, since);
    }
}

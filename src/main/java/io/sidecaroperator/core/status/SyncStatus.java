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
 * @param retained the revision that the workload's receipt names, if any
 * @param kept whether parts of the policy are there that it still answers for: not those marked as the user's
 * @param waits whether it is to get another revision, or to lose the policy's parts, and waits for its turn
 * @param since when standing and reason became so; {@link Instant#EPOCH} when that was before this process looked
 */
public record SyncStatus(
        SyncState syncState,
        Optional<Reason> reason,
        String message,
        Optional<String> retained,
        boolean kept,
        boolean waits,
        Instant since) {

    /** A standing that is given its time when it is recorded. */
    static SyncStatus now(SyncState syncState, Optional<Reason> reason, String message, Optional<String> retained) {
        return new SyncStatus(syncState, reason, message, retained, retained.isPresent(), false, Instant.EPOCH);
    }

    /** The same statement, whenever it was first made. */
    boolean sameAs(SyncStatus other) {
        return syncState == other.syncState && reason.equals(other.reason);
    }

    /** Whether a person should know of it: one that is only held back is counted, unless somebody has to do something. */
    public boolean isException() {
        return reason.isPresent()
                && syncState != SyncState.ORPHANED
                && (syncState != SyncState.OUTDATED || reason.get() == Reason.DeletePodByHand);
    }

    SyncStatus since(Instant time) {
        return new SyncStatus(syncState, reason, message, retained, kept, waits, time);
    }

    SyncStatus waiting(boolean newWaits) {
        return new SyncStatus(syncState, reason, message, retained, kept, newWaits, since);
    }

    SyncStatus leftToUser() {
        return new SyncStatus(syncState, reason, message, retained, false, waits, since);
    }

    SyncStatus because(Reason newReason, String newMessage) {
        return new SyncStatus(syncState, Optional.of(newReason), newMessage, retained, kept, waits, since);
    }
}

package io.sidecaroperator.core.status;

import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.rollout.SyncState;
import java.time.Instant;
import java.util.Optional;

/**
 * The sync status of a workload under one policy: the state and why.
 *
 * @param reason the cause of every state except a plain injection
 * @param message a sentence for a person; may be empty
 * @param retained the revision that the workload's receipt names, if any
 * @param kept whether the workload has parts that the policy is still responsible for: not those marked as the user's
 * @param waits whether it should get another revision, or lose the policy's parts, and waits for its permission
 * @param since when state and reason became so; {@link Instant#EPOCH} when that was before this process saw it
 */
public record SyncStatus(
        SyncState syncState,
        Optional<Reason> reason,
        String message,
        Optional<String> retained,
        boolean kept,
        boolean waits,
        Instant since) {

    /** A status that gets its time when the observation is stored. */
    static SyncStatus now(SyncState syncState, Optional<Reason> reason, String message, Optional<String> retained) {
        return new SyncStatus(syncState, reason, message, retained, retained.isPresent(), false, Instant.EPOCH);
    }

    /** Whether both have the same state and reason, whenever they were first seen. */
    boolean sameAs(SyncStatus other) {
        return syncState == other.syncState && reason.equals(other.reason);
    }

    /** Whether a person should know of it. A workload that is only pending is counted, unless a person has to act. */
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

package io.sidecaroperator.operator.write;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.status.SyncStatus;
import io.sidecaroperator.operator.write.EventRecorder.Notice;
import java.util.Optional;

/** Why a workload does not run with a policy as it should: the words of an event. */
enum Obstacle {
    WAITS_FOR_POD("waits for a pod that does not come to run", "RollOut"),
    NOT_ROLLED_BACK("is not rolled back", "RollBack"),
    FAILED("failed at revision %s", "Failed"),
    SKIPPED("is skipped", "Skipped"),
    REFUSED("is not injected", "Refused");

    private final String words;
    private final String action;

    Obstacle(String words, String action) {
        this.words = words;
        this.action = action;
    }

    /** Returns the obstacle in a sync state, if a person should know about it. The first line that matches decides. */
    static Obstacle of(SyncStatus syncStatus) {
        Optional<Reason> reason = syncStatus.reason();
        if (reason.equals(Optional.of(Reason.DeletePodByHand))) {
            return syncStatus.syncState() == SyncState.INJECTED ? WAITS_FOR_POD : NOT_ROLLED_BACK;
        }
        if (reason.equals(Optional.of(Reason.RevisionFailed))) {
            return FAILED;
        }
        return syncStatus.syncState() == SyncState.SKIPPED ? SKIPPED : REFUSED;
    }

    /** Returns the event for the obstacle. */
    Notice notice(PolicyKey key, SyncStatus syncStatus) {
        String revision = syncStatus.retained().orElse("");
        // A failure is one event for each revision, even when its message changes.
        String identity = key + " " + (this == FAILED ? revision : syncStatus.message());
        return new Notice(
                syncStatus.syncState() != SyncState.SKIPPED,
                syncStatus.reason().map(Reason::name).orElse(""),
                action,
                "policy " + key + " " + words.formatted(revision) + ": " + syncStatus.message(),
                identity);
    }
}

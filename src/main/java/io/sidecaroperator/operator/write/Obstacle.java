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

    /** The obstacle of a standing that a person should know of; the first line that fits gives it. */
    static Obstacle of(SyncStatus standing) {
        Optional<Reason> reason = standing.reason();
        if (reason.equals(Optional.of(Reason.DeletePodByHand))) {
            return standing.standing() == SyncState.INJECTED ? WAITS_FOR_POD : NOT_ROLLED_BACK;
        }
        if (reason.equals(Optional.of(Reason.RevisionFailed))) {
            return FAILED;
        }
        return standing.standing() == SyncState.SKIPPED ? SKIPPED : REFUSED;
    }

    /** The event that tells it. */
    Notice notice(PolicyKey key, SyncStatus standing) {
        String revision = standing.carried().orElse("");
        // A failure is one event for each revision, however its message changes.
        String identity = key + " " + (this == FAILED ? revision : standing.message());
        return new Notice(
                standing.standing() != SyncState.SKIPPED,
                standing.reason().map(Reason::name).orElse(""),
                action,
                "policy " + key + " " + words.formatted(revision) + ": " + standing.message(),
                identity);
    }
}

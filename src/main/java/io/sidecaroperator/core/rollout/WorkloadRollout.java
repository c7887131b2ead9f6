package io.sidecaroperator.core.rollout;

import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.WorkloadState.By;
import io.sidecaroperator.core.rollout.WorkloadState.Move;
import java.time.Instant;
import java.util.Optional;

/**
 * What one policy's part of the operator's last write to a workload has come to.
 *
 * @param at when the write was made: what makes it another flight than an earlier one
 * @param change what it changed for the policy
 * @param cause why it failed; only of a {@link Phase#FAILED} one
 */
public record WorkloadRollout(Instant at, Change change, Phase phase, Optional<FailureCause> cause) {
    /** How far it has come. */
    public enum Phase {
        /** Its pods are being replaced, or have not run for long enough yet. It takes a slot of the gate. */
        PROGRESSING,
        /** Its pods run the template, and have run for long enough. */
        HEALTHY,
        /** It is not watched any more: somebody else has changed the workload, or it could not be judged in time. */
        ABANDONED,
        /** It did not come to run, and the policy's sidecars are to blame, or may be. */
        FAILED
    }

    /** The state of its workload, as long as nothing newer is wanted there. */
    public WorkloadState state() {
        boolean removal = change.to().isEmpty();
        return switch (phase) {
            case PROGRESSING -> removal ? WorkloadState.REMOVING : WorkloadState.PROGRESSING;
            case HEALTHY -> removal ? WorkloadState.REMOVED : WorkloadState.HEALTHY;
            case ABANDONED -> removal ? WorkloadState.UNCONCERNED : WorkloadState.INJECTED;
            case FAILED -> WorkloadState.FAILED;
        };
    }

    /** Whether it takes a slot of the gate. */
    public boolean isUp() {
        return state().isUnderWay();
    }

    /** Whether it failed because its time was over, and nothing worse was seen. */
    public boolean isTooLate() {
        return cause.filter(found -> found.reason().equals(PodFailures.TOO_LATE)
                        || found.reason().equals(PodFailures.NOT_READY))
                .isPresent();
    }

    /** The same one while nobody knows what it has come to. */
    public WorkloadRollout undecided() {
        return new WorkloadRollout(at, change, Phase.PROGRESSING, Optional.empty());
    }

    /**
     * What is to be believed after {@code before}: a move that the watch can make. So what has come well or was let go stays
     * so, and a failure until it comes well.
     */
    public WorkloadRollout after(WorkloadRollout before) {
        boolean sameWrite = before.at.equals(at) && before.change.equals(change);
        boolean believable = before.phase == phase || Move.isPossible(By.WATCH, before.state(), state());
        return !sameWrite || believable ? this : before;
    }
}

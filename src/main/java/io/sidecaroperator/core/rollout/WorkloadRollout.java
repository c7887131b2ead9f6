package io.sidecaroperator.core.rollout;

import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.WorkloadState.By;
import io.sidecaroperator.core.rollout.WorkloadState.Move;
import java.time.Instant;
import java.util.Optional;

/**
 * The rollout of one policy's part of the operator's last write to a workload.
 *
 * @param at when the write was made, which tells its rollout from an earlier one
 * @param change what it changed for the policy
 * @param cause why it failed; only of a {@link Phase#FAILED} one
 */
public record WorkloadRollout(Instant at, Change change, Phase phase, Optional<FailureCause> cause) {
    /** The phase of the rollout. */
    public enum Phase {
        /** Its pods are being replaced, or have not run for long enough yet. It takes a slot of the rollout planner. */
        PROGRESSING,
        /** Its pods run the template, and have run for long enough. */
        HEALTHY,
        /** It is no longer watched: another client has changed the workload, or it could not be assessed in time. */
        ABANDONED,
        /** Its pods failed to run, and the policy's sidecars are the cause, or may be. */
        FAILED
    }

    /** The state of its workload, as long as the policy wants no newer revision there. */
    public WorkloadState state() {
        boolean removal = change.to().isEmpty();
        return switch (phase) {
            case PROGRESSING -> removal ? WorkloadState.REMOVING : WorkloadState.PROGRESSING;
            case HEALTHY -> removal ? WorkloadState.REMOVED : WorkloadState.HEALTHY;
            case ABANDONED -> removal ? WorkloadState.UNCONCERNED : WorkloadState.INJECTED;
            case FAILED -> WorkloadState.FAILED;
        };
    }

    /** Whether it takes a slot of the rollout planner. */
    public boolean isUp() {
        return state().isUnderWay();
    }

    /** Whether it failed because its time was over, without a worse cause. */
    public boolean isTooLate() {
        return cause.filter(found -> found.reason().equals(PodFailures.TOO_LATE)
                        || found.reason().equals(PodFailures.NOT_READY))
                .isPresent();
    }

    /** The same rollout while its result is unknown. */
    public WorkloadRollout undecided() {
        return new WorkloadRollout(at, change, Phase.PROGRESSING, Optional.empty());
    }

    /**
     * Returns the rollout to believe after {@code before}: a change counts only if it is a move that the watch can
     * make. So a healthy or released rollout stays so, and a failed one until it becomes healthy.
     */
    public WorkloadRollout after(WorkloadRollout before) {
        boolean sameWrite = before.at.equals(at) && before.change.equals(change);
        boolean believable = before.phase == phase || Move.isPossible(By.WATCH, before.state(), state());
        return !sameWrite || believable ? this : before;
    }
}

package io.sidecaroperator.core.policy;

import java.util.Optional;

/**
 * How a policy wants to reach its workloads, and its progress. Both decide which revision a workload should have.
 *
 * @param audit whether it only evaluates ({@code mode: Audit})
 * @param paused {@code rollout.paused}
 * @param onNextRollout whether templates change only together with their owner's own change
 * @param proven {@code status.provenRevision}
 * @param failed {@code status.failedRevision}
 */
public record PolicyState(
        boolean audit, boolean paused, boolean onNextRollout, Optional<String> proven, Optional<String> failed) {
    /** A policy without a status, and with no change pending by its spec. */
    public static final PolicyState FRESH = new PolicyState(false, false, false, Optional.empty(), Optional.empty());

    /** The same spec with other progress. */
    public PolicyState withProgress(Optional<String> newProven, Optional<String> newFailed) {
        return new PolicyState(audit, paused, onNextRollout, newProven, newFailed);
    }
}

package io.sidecaroperator.core.policy;

import java.util.Optional;

/**
 * How a policy means to reach its workloads, and how far it has come: what decides which revision a workload is to have.
 *
 * @param audit whether it only evaluates ({@code mode: Audit})
 * @param paused {@code rollout.paused}
 * @param onNextRollout whether templates change only together with their owner's own change
 * @param proven {@code status.provenRevision}
 * @param failed {@code status.failedRevision}
 */
public record PolicyState(
        boolean audit, boolean paused, boolean onNextRollout, Optional<String> proven, Optional<String> failed) {
    /** A policy without a status that holds nothing back. */
    public static final PolicyState FRESH = new PolicyState(false, false, false, Optional.empty(), Optional.empty());

    /** The same intentions with another progress. */
    public PolicyState withProgress(Optional<String> newProven, Optional<String> newFailed) {
        return new PolicyState(audit, paused, onNextRollout, newProven, newFailed);
    }
}

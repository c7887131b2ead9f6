package io.sidecaroperator.core.status;

import io.sidecaroperator.api.v1alpha1.WorkloadCounts;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.rollout.WorkloadState;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The number of a policy's workloads in each sync state and in each workload state.
 *
 * @param syncStates the number in each sync state; a sync state without workloads is left out
 * @param states the same by workload state
 * @param awaitingOwner those that are pending until their owners change them
 */
record WorkloadTotals(Map<SyncState, Integer> syncStates, Map<WorkloadState, Integer> states, int awaitingOwner) {

    static WorkloadTotals of(PolicyKey key, Collection<WorkloadObservation> workloads) {
        Map<SyncState, Integer> syncStates = new EnumMap<>(SyncState.class);
        Map<WorkloadState, Integer> states = new EnumMap<>(WorkloadState.class);
        int awaitingOwner = 0;
        for (WorkloadObservation workload : workloads) {
            SyncStatus syncStatus = workload.policies().get(key);
            if (syncStatus != null) {
                syncStates.merge(syncStatus.syncState(), 1, Integer::sum);
                states.merge(workload.state(key), 1, Integer::sum);
                awaitingOwner += isAwaitingOwner(syncStatus) ? 1 : 0;
            }
        }
        return new WorkloadTotals(syncStates, states, awaitingOwner);
    }

    private static boolean isAwaitingOwner(SyncStatus syncStatus) {
        return syncStatus.syncState() == SyncState.OUTDATED
                && syncStatus.reason().equals(Optional.of(Reason.AwaitsOwner));
    }

    int injected() {
        return syncStates.getOrDefault(SyncState.INJECTED, 0);
    }

    int outdated() {
        return syncStates.getOrDefault(SyncState.OUTDATED, 0);
    }

    int refused() {
        return syncStates.getOrDefault(SyncState.REFUSED, 0);
    }

    int skipped() {
        return syncStates.getOrDefault(SyncState.SKIPPED, 0);
    }

    /** Outdated workloads that are pending for a reason other than the rollout queue. */
    int pending() {
        return in(WorkloadState.PENDING);
    }

    /** Workloads that have yet to lose the policy's parts, including selected and skipped ones. */
    int terminating() {
        return in(WorkloadState.TERMINATING, WorkloadState.REMOVAL_QUEUED);
    }

    /** Workloads that the operator has injected and that have yet to become healthy. */
    int progressing() {
        return in(WorkloadState.PROGRESSING, WorkloadState.FAILED);
    }

    /** Those that run what the policy wants. */
    int healthy() {
        return in(WorkloadState.HEALTHY);
    }

    /** The number of workloads that the policy selects. */
    int matched() {
        return injected() + outdated() + refused() + skipped();
    }

    /** Whether all changes are done, except those that wait for a workload's owner. */
    boolean settled() {
        return outdated() == awaitingOwner && progressing() == 0 && terminating() == 0;
    }

    WorkloadCounts counts() {
        return new WorkloadCounts(matched(), injected(), outdated(), refused(), skipped(), progressing());
    }

    private int in(WorkloadState... wanted) {
        return Arrays.stream(wanted)
                .mapToInt(state -> states.getOrDefault(state, 0))
                .sum();
    }
}

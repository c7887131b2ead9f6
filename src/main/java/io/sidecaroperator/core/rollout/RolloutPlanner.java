package io.sidecaroperator.core.rollout;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.RolloutState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Plans which workloads may change for a policy now. A pure function of what the cluster shows, so that a new leader
 * decides alike.
 */
public final class RolloutPlanner {
    private static final Comparator<Slot> ORDER = Comparator.comparingInt(Slot::stage)
            .thenComparing(slot -> slot.candidate.ref.namespace())
            .thenComparing(slot -> slot.candidate.ref.kind())
            .thenComparing(slot -> slot.candidate.ref.name());

    private RolloutPlanner() {}

    /**
     * One workload that a policy concerns.
     *
     * @param first whether the policy wants it changed before all others ({@code rollout.first})
     * @param rollout how far its pods follow its template
     * @param workloadRollout the rollout of the operator's last write to it for this policy, if there was one
     */
    public record Candidate(
            WorkloadRef ref,
            WorkloadState state,
            RolloutState rollout,
            boolean first,
            Optional<WorkloadRollout> workloadRollout) {
        /** A candidate in normal order, without a last write for this policy. */
        public static Candidate of(WorkloadRef ref, WorkloadState state, RolloutState rollout) {
            return new Candidate(ref, state, rollout, false, Optional.empty());
        }

        /** The same candidate, to be changed before all others or not. */
        public Candidate first(boolean newFirst) {
            return new Candidate(ref, state, rollout, newFirst, workloadRollout);
        }

        /** The same candidate with the rollout of the operator's last write to it. */
        public Candidate workloadRollout(Optional<WorkloadRollout> newWorkloadRollout) {
            return new Candidate(ref, state, rollout, first, newWorkloadRollout);
        }
    }

    /**
     * Whether the rollout of the wanted revision is closed: it has failed at a workload, whether status reports that
     * already or not. Workloads that lose the policy's parts are not affected.
     */
    public static boolean isClosed(RolloutHealth.Terms terms, Collection<WorkloadRollout> workloadRollouts) {
        return !terms.approved()
                && workloadRollouts.stream()
                        .anyMatch(workloadRollout -> workloadRollout.phase() == WorkloadRollout.Phase.FAILED
                                && workloadRollout.change().to().equals(terms.revision()));
    }

    /**
     * Returns the workloads that are newly permitted to change now, in order.
     *
     * @param candidates every workload that the policy selects and neither skips nor refuses, or removes its parts from
     * @param permitted those that got a permission before and have not changed yet: they take slots
     */
    public static List<WorkloadRef> next(
            RolloutHealth.Terms terms, Collection<Candidate> candidates, Set<WorkloadRef> permitted) {
        List<Slot> slots = candidates.stream()
                .map(candidate -> Slot.of(candidate, permitted.contains(candidate.ref)))
                .toList();
        int max = terms.rules().maxConcurrent().among(count(slots, Slot::matters));
        int ramp = terms.approved() ? max : Math.min(max, count(slots, Slot::isHealthy) + 1);
        int steps = ramp - count(slots, Slot::isTakenForTheWanted);
        boolean firstOnesPending = slots.stream().anyMatch(slot -> slot.candidate.first && slot.holdsOthersUp());

        List<WorkloadRef> next = new ArrayList<>();
        for (Slot slot : queued(slots, one -> !one.isDeferred())) {
            // Slots at older revisions are taken over first, so that all taken slots are counted for the later
            // workloads.
            boolean later = firstOnesPending && !slot.candidate.first && !slot.isUp();
            if (steps > 0 && !later) {
                next.add(slot.candidate.ref);
                steps--;
            }
        }
        if (slots.stream().noneMatch(Slot::isBusy)) {
            queued(slots, Slot::isDeferred).forEach(slot -> next.add(slot.candidate.ref));
        }
        return next;
    }

    private static List<Slot> queued(List<Slot> slots, Predicate<Slot> among) {
        return slots.stream()
                .filter(slot -> slot.state.isQueued())
                .filter(among)
                .sorted(ORDER)
                .toList();
    }

    private static int count(List<Slot> slots, Predicate<Slot> what) {
        return (int) slots.stream().filter(what).count();
    }

    /**
     * A candidate as the planner sees it. A deferred one does not prove the change, so it takes no slot and others do
     * not wait for it.
     *
     * @param state the candidate's state, or permitted: it may have changed already, unseen
     */
    private record Slot(Candidate candidate, WorkloadState state) {
        static Slot of(Candidate candidate, boolean permitted) {
            return new Slot(candidate, permitted ? WorkloadState.PERMITTED : candidate.state);
        }

        boolean isDeferred() {
            return candidate.rollout == RolloutState.DEFERRED;
        }

        boolean isUp() {
            return !isDeferred()
                    && candidate.workloadRollout.filter(WorkloadRollout::isUp).isPresent();
        }

        boolean isPermitted() {
            return state == WorkloadState.PERMITTED;
        }

        boolean isTaken() {
            return isUp() || isPermitted() && !isDeferred();
        }

        boolean isTakenForTheWanted() {
            return isTaken() && !state.isQueued();
        }

        boolean isBusy() {
            return isTaken() || state.isQueued() && !isDeferred();
        }

        boolean holdsOthersUp() {
            return isBusy() || state.isDue() && !isDeferred();
        }

        /** Whether it counts among the workloads that a percentage refers to. */
        boolean matters() {
            return candidate.state.isInjected() || candidate.state.isQueued() || isUp();
        }

        /**
         * Whether it shows that the change works: it has the change and runs, or has lost the policy's parts and runs.
         */
        boolean isHealthy() {
            boolean runs = state.isInjected() && candidate.rollout == RolloutState.COMPLETE && !isUp();
            boolean removed = candidate
                    .workloadRollout
                    .filter(workloadRollout -> workloadRollout.state() == WorkloadState.REMOVED)
                    .isPresent();
            return runs || removed && !state.isQueued() && !isPermitted();
        }

        int stage() {
            if (isDeferred()) {
                return 4;
            }
            if (isUp()) {
                return 0; // A newer revision takes over the slot of an older one.
            }
            return candidate.first ? 1 : candidate.rollout == RolloutState.COMPLETE ? 2 : 3;
        }
    }
}

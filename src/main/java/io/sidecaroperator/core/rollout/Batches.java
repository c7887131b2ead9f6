package io.sidecaroperator.core.rollout;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.RolloutPlanner.Candidate;
import io.sidecaroperator.core.workload.RolloutState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The order in which the {@link RolloutPlanner} would permit a change, step by step, if every workload that changes
 * becomes healthy.
 */
public final class Batches {
    private static final String REVISION = "next";

    private Batches() {}

    /**
     * Workloads that may change at the same time.
     *
     * @param deferred whether they are the deferred workloads, which do not prove the change and come last
     */
    public record Batch(List<WorkloadRef> workloads, boolean deferred) {
        public Batch {
            workloads = List.copyOf(workloads);
        }
    }

    /**
     * Returns the batches in order. Each begins when the whole batch before is healthy. The operator itself need not
     * wait for all of them: it fills each slot as it becomes free.
     *
     * @param candidates every workload that the policy concerns, as it is before the change
     */
    public static List<Batch> of(RolloutRules rules, Collection<Candidate> candidates) {
        RolloutHealth.Terms terms = new RolloutHealth.Terms(Optional.of(REVISION), rules, false);
        List<Batch> batches = new ArrayList<>();
        List<Candidate> now = List.copyOf(candidates);
        List<WorkloadRef> next = RolloutPlanner.next(terms, now, Set.of());
        while (!next.isEmpty()) {
            Set<WorkloadRef> chosen = new HashSet<>(next);
            boolean deferred = now.stream()
                    .filter(one -> chosen.contains(one.ref()))
                    .allMatch(one -> one.rollout() == RolloutState.DEFERRED);
            batches.add(new Batch(next, deferred));
            now = now.stream()
                    .map(one -> settled(one, chosen.contains(one.ref())))
                    .toList();
            next = RolloutPlanner.next(terms, now, Set.of());
        }
        return batches;
    }

    private static Candidate settled(Candidate before, boolean chosen) {
        boolean queued = before.state().isQueued() && !chosen;
        boolean deferred = before.rollout() == RolloutState.DEFERRED;
        WorkloadState state = chosen ? WorkloadState.INJECTED : before.state();
        RolloutState rollout = deferred || queued ? before.rollout() : RolloutState.COMPLETE;
        return Candidate.of(before.ref(), state, rollout).first(before.first());
    }
}

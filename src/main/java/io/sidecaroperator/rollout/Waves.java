package io.sidecaroperator.rollout;

import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.rollout.Gate.Berth;
import io.sidecaroperator.workload.Rollout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How the {@link Gate} would hand out a change, step by step, if every workload that changes becomes healthy. */
public final class Waves {
    private static final String REVISION = "next";

    private Waves() {}

    /**
     * Workloads that may change at the same time.
     *
     * @param deferred whether they are the ones that prove nothing, and come last
     */
    public record Wave(List<WorkloadRef> workloads, boolean deferred) {
        public Wave {
            workloads = List.copyOf(workloads);
        }
    }

    /**
     * The waves in order. Each begins when all of the one before are healthy; the operator itself need not wait for all of
     * them, it fills each slot as it comes free.
     *
     * @param berths every workload that the policy concerns, as it is before the change
     */
    public static List<Wave> of(RolloutRules rules, Collection<Berth> berths) {
        Flights.Terms terms = new Flights.Terms(Optional.of(REVISION), rules, false);
        List<Wave> waves = new ArrayList<>();
        List<Berth> now = List.copyOf(berths);
        List<WorkloadRef> next = Gate.next(terms, now, Set.of());
        while (!next.isEmpty()) {
            Set<WorkloadRef> chosen = new HashSet<>(next);
            boolean deferred = now.stream()
                    .filter(berth -> chosen.contains(berth.ref()))
                    .allMatch(berth -> berth.rollout() == Rollout.DEFERRED);
            waves.add(new Wave(next, deferred));
            now = now.stream()
                    .map(berth -> settled(berth, chosen.contains(berth.ref())))
                    .toList();
            next = Gate.next(terms, now, Set.of());
        }
        return waves;
    }

    private static Berth settled(Berth berth, boolean chosen) {
        boolean deferred = berth.rollout() == Rollout.DEFERRED;
        boolean injected = berth.injected() || chosen;
        Rollout rollout = deferred || berth.waits() && !chosen ? berth.rollout() : Rollout.COMPLETE;
        return new Berth(berth.ref(), berth.first(), rollout, injected, berth.waits() && !chosen, Optional.empty());
    }
}

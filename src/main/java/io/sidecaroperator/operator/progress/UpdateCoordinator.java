package io.sidecaroperator.operator.progress;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.RolloutPlanner;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import io.sidecaroperator.core.rollout.WorkloadState;
import io.sidecaroperator.core.rollout.WorkloadState.Move;
import io.sidecaroperator.core.status.SyncStatus;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.operator.progress.Permits.PolicyVersion;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.operator.watch.Policies;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Decides when a workload may change for a policy: the only class that gives permits. A permit takes a slot until the
 * observation of the reconciliation that used it is stored. {@link RolloutPlanner} plans which workloads get one.
 */
public final class UpdateCoordinator {
    /**
     * The longest time that a permit waits until the workload's other policies are asked, too: one write for all of
     * them replaces the pods once. Normally this takes milliseconds.
     */
    private static final Duration TOGETHER = Duration.ofSeconds(10);

    private final ObservationStore observations;
    private final Clock clock;
    private final Map<WorkloadRef, Permits> permits = new HashMap<>();
    private final Map<PolicyKey, Asked> asked = new HashMap<>();

    public UpdateCoordinator(ObservationStore observations, Clock clock) {
        this.observations = observations;
        this.clock = clock;
    }

    /** When a policy, at this version, was last asked for permits. */
    private record Asked(PolicyVersion policy, Instant at) {}

    /**
     * What one reconciliation of a workload may do. A permit that comes during the reconciliation is for the next one.
     *
     * @param used the policies for which the workload may change now, with their versions
     * @param refused the policies for which the change was refused; their permits are parked
     * @param again when to reconcile again, because a permit waits for other policies; empty when not needed
     */
    public record Permission(
            WorkloadRef workload,
            Map<PolicyKey, PolicyVersion> used,
            Set<PolicyKey> refused,
            Optional<Duration> again) {
        public Set<PolicyKey> permitted() {
            return used.keySet();
        }
    }

    /**
     * The permits that were given.
     *
     * @param workloads the workloads to reconcile: those that got a permit, and those that waited for this policy's
     *     decision
     * @param again when to try again without an event; empty when not needed
     */
    public record Offer(List<WorkloadRef> workloads, Optional<Duration> again) {}

    /** Returns what a reconciliation of the workload with these policies may do. */
    public synchronized Permission permission(WorkloadRef workload, Policies.Snapshot policies) {
        Function<PolicyKey, Optional<PolicyVersion>> versions =
                key -> Optional.ofNullable(policies.policies().get(key)).map(PolicyVersion::of);
        Permits now = update(workload, present -> present.withoutOutdated(versions));
        Map<PolicyKey, PolicyVersion> usable = now.current(Permits.Stage.OFFERED, versions);
        Set<PolicyKey> refused = now.current(Permits.Stage.REFUSED, versions).keySet();
        Optional<Duration> others = usable.isEmpty() || hasHeardOfAll(workload, usable.keySet(), versions)
                ? Optional.empty()
                : now.since().flatMap(given -> left(given.plus(TOGETHER)));
        return new Permission(workload, others.isEmpty() ? usable : Map.of(), refused, others);
    }

    /**
     * Whether every policy for which the workload waits was asked since it began to wait. A policy that was asked and
     * gave no permit has no slot now.
     */
    private boolean hasHeardOfAll(
            WorkloadRef workload, Set<PolicyKey> permitted, Function<PolicyKey, Optional<PolicyVersion>> versions) {
        return observations.observation(workload).stream()
                .flatMap(observation -> observation.policies().entrySet().stream())
                .filter(entry -> entry.getValue().waits() && !permitted.contains(entry.getKey()))
                .allMatch(entry -> wasAsked(entry.getKey(), entry.getValue(), versions.apply(entry.getKey())));
    }

    private boolean wasAsked(PolicyKey key, SyncStatus waiting, Optional<PolicyVersion> version) {
        return Optional.ofNullable(asked.get(key))
                .filter(last -> version.equals(Optional.of(last.policy)))
                .filter(last -> waiting.since().isBefore(last.at))
                .isPresent();
    }

    /**
     * Completes a permission: the workload is reconciled and its observation is stored. Returns the policies that can
     * give the permit to another workload.
     */
    public synchronized Set<PolicyKey> complete(Permission permission) {
        return end(permission, present -> present.use(permission.used));
    }

    /**
     * Parks a permission: the observation says that the change is refused. The permits take no slot, and are remembered
     * for as long as the change is refused.
     */
    public synchronized Set<PolicyKey> park(Permission permission) {
        return end(permission, present -> present.refuse(permission.used));
    }

    /** Postpones a permission: the workload could not be written. Other workloads go first for a while. */
    public synchronized void postpone(Permission permission) {
        end(permission, present -> present.postpone(permission.used, clock.instant()));
    }

    private Set<PolicyKey> end(Permission permission, UnaryOperator<Permits> step) {
        Set<PolicyKey> ended = of(permission.workload).offered(permission.used);
        update(permission.workload, step);
        return ended;
    }

    /**
     * Forgets a workload that is gone or may no longer be changed. Returns the policies that can give the permit to
     * another workload.
     */
    public synchronized Set<PolicyKey> forget(WorkloadRef workload) {
        Set<PolicyKey> unused = of(workload).offered();
        permits.remove(workload);
        return unused;
    }

    /** Forgets a policy that is gone. */
    public synchronized void forget(PolicyKey policy) {
        asked.remove(policy);
    }

    /** Gives the permits that the policy can give now. */
    public synchronized Offer offer(KnownPolicy policy) {
        PolicyKey key = policy.key();
        PolicyVersion version = PolicyVersion.of(policy);
        Instant now = clock.instant();
        asked.put(key, new Asked(version, now));
        // Read the permits first: the observation of a permit that is used meanwhile is then read after it. A permit of
        // an earlier version of the policy counts as missing and is replaced.
        Set<WorkloadRef> permitted = new HashSet<>();
        permits.forEach((workload, present) -> {
            if (present.isOffered(key, version)) {
                permitted.add(workload);
            }
        });
        List<WorkloadObservation> known = observations.of(key);
        List<WorkloadRef> next = RolloutPlanner.next(policy.terms(), candidates(policy, known), permitted);
        next.forEach(workload -> update(workload, present -> present.offer(key, version, now)));
        List<WorkloadRef> offered = Stream.concat(next.stream(), whoWaitedForIt(key, known))
                .filter(workload -> !permitted.contains(workload))
                .distinct()
                .toList();
        return new Offer(offered, nextBackOff(key, known));
    }

    /** Returns the workloads that have another policy's permit and waited for the decision of this policy. */
    private Stream<WorkloadRef> whoWaitedForIt(PolicyKey key, Collection<WorkloadObservation> observations) {
        return observations.stream()
                .filter(observation -> observation.state(key).isQueued())
                .map(WorkloadObservation::ref)
                .filter(workload -> of(workload).since().isPresent());
    }

    private Optional<Duration> nextBackOff(PolicyKey key, Collection<WorkloadObservation> observations) {
        return observations.stream()
                .filter(observation -> observation.state(key).isQueued())
                .flatMap(observation -> backOff(observation.ref()).stream())
                .min(Comparator.naturalOrder());
    }

    private List<RolloutPlanner.Candidate> candidates(
            KnownPolicy policy, Collection<WorkloadObservation> observations) {
        PolicyKey key = policy.key();
        List<WorkloadRollout> workloadRollouts = observations.stream()
                .flatMap(observation -> observation.workloadRollout(key).stream())
                .toList();
        boolean closed = RolloutPlanner.isClosed(policy.terms(), workloadRollouts);
        boolean removes =
                observations.stream().anyMatch(observation -> observation.state(key) == WorkloadState.REMOVAL_QUEUED);
        return observations.stream()
                // A workload that the policy left long ago does not count for the new revision.
                .filter(observation -> removes || !observation.isDoneWith(key))
                .filter(observation -> observation.state(key).isCandidate()
                        || observation.workloadRollout(key).isPresent())
                .map(observation -> candidate(policy, observation, closed))
                .toList();
    }

    private RolloutPlanner.Candidate candidate(KnownPolicy policy, WorkloadObservation observation, boolean closed) {
        WorkloadState seen = observation.state(policy.key());
        WorkloadState open = closed ? Move.CLOSE.after(seen) : seen;
        WorkloadState state = backOff(observation.ref()).isPresent() ? Move.WAIT.after(open) : open;
        boolean first = policy.rules()
                .first()
                .filter(them -> them.matches(observation.labels()))
                .isPresent();
        return RolloutPlanner.Candidate.of(observation.ref(), state, observation.rollout())
                .first(first)
                .workloadRollout(observation.workloadRollout(policy.key()));
    }

    private Optional<Duration> backOff(WorkloadRef workload) {
        return of(workload).backOff().flatMap(pause -> left(pause.until()));
    }

    private Optional<Duration> left(Instant until) {
        return Optional.of(Duration.between(clock.instant(), until))
                .filter(left -> !left.isNegative() && !left.isZero());
    }

    private Permits of(WorkloadRef workload) {
        return permits.getOrDefault(workload, Permits.NONE);
    }

    private Permits update(WorkloadRef workload, UnaryOperator<Permits> step) {
        Permits after = step.apply(of(workload));
        if (after.isEmpty()) {
            permits.remove(workload);
        } else {
            permits.put(workload, after);
        }
        return after;
    }
}

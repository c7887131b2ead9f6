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
 * The one place where a workload is told that it may change for a policy. A permit counts as in flight until the page of
 * the look that used it is in the ledger; who decides what is permitted is {@link RolloutPlanner}.
 */
public final class UpdateCoordinator {
    /**
     * So long at most a permit waits until the gates of the workload's other policies were asked, too: one write for all
     * replaces its pods once. As a rule that is a matter of milliseconds.
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

    /** Since when it is known what a policy, as it was then, has to hand out to those that waited before. */
    private record Asked(PolicyVersion policy, Instant at) {}

    /**
     * What one look at a workload may do. A permit that comes while the look goes on is none of its, and is there for the
     * next.
     *
     * @param used the policies for which the workload may change now, as they are
     * @param refused those for which it could have changed, had the API server or somebody else let it
     * @param again when to look again because a permit waits for others, if so
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
     * What was handed out.
     *
     * @param workloads who is to be looked at: those that were given a turn, and those that waited to hear of it
     * @param again when to try again without an event, if so
     */
    public record Offer(List<WorkloadRef> workloads, Optional<Duration> again) {}

    /** What may be done at the workload in a look by these policies. */
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
     * Whether the gate of every policy for which the workload waits was asked since. One that was asked and gave nothing
     * has no turn left just now.
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

    /** The workload was looked at, and its page says what came of it; the policies that have permits to give again. */
    public synchronized Set<PolicyKey> complete(Permission permission) {
        return end(permission, present -> present.use(permission.used));
    }

    /**
     * The workload's page says that the change is refused: its permits take no slot, but are remembered for as long as it
     * is.
     */
    public synchronized Set<PolicyKey> park(Permission permission) {
        return end(permission, present -> present.refuse(permission.used));
    }

    /** The workload could not be written: others go first for a while. */
    public synchronized void postpone(Permission permission) {
        end(permission, present -> present.postpone(permission.used, clock.instant()));
    }

    private Set<PolicyKey> end(Permission permission, UnaryOperator<Permits> step) {
        Set<PolicyKey> ended = of(permission.workload).offered(permission.used);
        update(permission.workload, step);
        return ended;
    }

    /** Forgets a workload that is gone, or that nobody may change any more; the policies that have permits to give again. */
    public synchronized Set<PolicyKey> forget(WorkloadRef workload) {
        Set<PolicyKey> unused = of(workload).offered();
        permits.remove(workload);
        return unused;
    }

    /** Forgets a policy that is gone. */
    public synchronized void forget(PolicyKey policy) {
        asked.remove(policy);
    }

    /** Hands out what may be handed out now. */
    public synchronized Offer offer(KnownPolicy policy) {
        PolicyKey key = policy.key();
        PolicyVersion version = PolicyVersion.of(policy);
        Instant now = clock.instant();
        asked.put(key, new Asked(version, now));
        // The permits first: one that is used up in between is in a page that is read after it.
        // One that was given by the policy as it was before is of no use to anybody, and replaced.
        Set<WorkloadRef> permitted = new HashSet<>();
        permits.forEach((workload, present) -> {
            if (present.isOffered(key, version)) {
                permitted.add(workload);
            }
        });
        List<WorkloadObservation> pages = observations.of(key);
        List<WorkloadRef> next = RolloutPlanner.next(policy.terms(), candidates(policy, pages), permitted);
        next.forEach(workload -> update(workload, present -> present.offer(key, version, now)));
        List<WorkloadRef> offered = Stream.concat(next.stream(), whoWaitedForIt(key, pages))
                .filter(workload -> !permitted.contains(workload))
                .distinct()
                .toList();
        return new Offer(offered, nextBackOff(key, pages));
    }

    /** Those that have another policy's permit and would have waited for this one's: now they know. */
    private Stream<WorkloadRef> whoWaitedForIt(PolicyKey key, Collection<WorkloadObservation> pages) {
        return pages.stream()
                .filter(observation -> observation.state(key).isQueued())
                .map(WorkloadObservation::ref)
                .filter(workload -> of(workload).since().isPresent());
    }

    private Optional<Duration> nextBackOff(PolicyKey key, Collection<WorkloadObservation> pages) {
        return pages.stream()
                .filter(observation -> observation.state(key).isQueued())
                .flatMap(observation -> backOff(observation.ref()).stream())
                .min(Comparator.naturalOrder());
    }

    private List<RolloutPlanner.Candidate> candidates(KnownPolicy policy, Collection<WorkloadObservation> pages) {
        PolicyKey key = policy.key();
        List<WorkloadRollout> workloadRollouts = pages.stream()
                .flatMap(observation -> observation.workloadRollout(key).stream())
                .toList();
        boolean closed = RolloutPlanner.isClosed(policy.terms(), workloadRollouts);
        boolean removes =
                pages.stream().anyMatch(observation -> observation.state(key) == WorkloadState.REMOVAL_QUEUED);
        return pages.stream()
                // Whom the policy left long ago says nothing about the revision that comes now.
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

package io.sidecaroperator.controller;

import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.rollout.Gate;
import io.sidecaroperator.status.PolicyStanding;
import io.sidecaroperator.status.Standing;
import io.sidecaroperator.status.WorkloadRecord;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a workload is told that it may change for a policy. A grant counts as in flight until the page of
 * the look that used it is in the ledger; who decides what is granted is {@link Gate}.
 */
final class Gatekeeper {
    /** So long a workload that could not be written lets others go first: twice as long each time, up to the longest. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /**
     * So long at most a grant waits until the gates of the workload's other policies were asked, too: one write for all
     * replaces its pods once. As a rule that is a matter of milliseconds.
     */
    private static final Duration TOGETHER = Duration.ofSeconds(10);

    private final Ledger ledger;
    private final Clock clock;
    private final Map<WorkloadRef, Map<PolicyKey, Grant>> grants = new HashMap<>();
    private final Map<WorkloadRef, Map<PolicyKey, Grant>> idle = new HashMap<>();
    private final Map<WorkloadRef, Pause> postponed = new HashMap<>();
    private final Map<WorkloadRef, Instant> since = new HashMap<>();
    private final Map<PolicyKey, Asked> asked = new HashMap<>();

    Gatekeeper(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** What was granted for: a policy that has changed since has to be asked again. */
    record Grant(String uid, long generation, boolean deleting) {
        static Grant of(Policies.Policy policy) {
            return new Grant(policy.uid(), policy.generation(), policy.deleting());
        }
    }

    /** Since when it is known what a policy, as it was then, has to hand out to those that waited before. */
    private record Asked(Grant policy, Instant at) {}

    /** How long a workload lets others go first. */
    private record Pause(Instant until, Duration length) {
        static Pause after(@Nullable Pause last, Instant now) {
            Duration twice = last == null ? FIRST_PAUSE : last.length.multipliedBy(2);
            Duration length = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
            return new Pause(now.plus(length), length);
        }
    }

    /**
     * What one look at a workload may do. A grant that comes while the look goes on is none of its, and is there for the
     * next.
     *
     * @param granted the policies for which the workload may change now
     * @param idle those for which it could have changed, had the API server or somebody else let it
     * @param again when to look again because a grant waits for others, if so
     */
    record Pass(
            WorkloadRef workload,
            Map<PolicyKey, Grant> grants,
            Set<PolicyKey> granted,
            Set<PolicyKey> idle,
            Optional<Duration> again) {}

    /** What may be done at the workload in a look by these policies. */
    synchronized Pass pass(WorkloadRef workload, Policies.Snapshot policies) {
        Map<PolicyKey, Grant> usable = valid(grants.getOrDefault(workload, Map.of()), policies);
        // A grant for what the policy was before is of no use to anybody, and must not take a slot. One for what it has
        // become since is for the next look.
        grants.computeIfPresent(workload, (same, present) -> {
            present.entrySet()
                    .removeIf(
                            grant -> isOld(grant.getValue(), policies.policies().get(grant.getKey())));
            return present.isEmpty() ? null : present;
        });
        since.keySet().retainAll(grants.keySet());
        Set<PolicyKey> laid =
                valid(idle.getOrDefault(workload, Map.of()), policies).keySet();
        Optional<Duration> others = waitForOthers(workload, usable.keySet(), policies);
        Map<PolicyKey, Grant> now = others.isEmpty() ? usable : Map.of();
        return new Pass(workload, now, now.keySet(), laid, others);
    }

    /**
     * How long to wait for a turn that other policies may give the workload, too: those for which it waits, and whose gate
     * nobody has asked since. One that was asked and gave nothing has no turn left just now.
     */
    private Optional<Duration> waitForOthers(WorkloadRef workload, Set<PolicyKey> granted, Policies.Snapshot policies) {
        boolean alone = granted.isEmpty()
                || ledger.page(workload)
                        .filter(page -> page.policies().keySet().stream()
                                .anyMatch(key ->
                                        waits(key, page) && !granted.contains(key) && !wasAsked(key, page, policies)))
                        .isEmpty();
        return alone
                ? Optional.empty()
                : Optional.ofNullable(since.get(workload))
                        .map(given -> Duration.between(clock.instant(), given.plus(TOGETHER)))
                        .filter(Gatekeeper::isAhead);
    }

    private boolean wasAsked(PolicyKey key, WorkloadRecord page, Policies.Snapshot policies) {
        Policies.Policy policy = policies.policies().get(key);
        PolicyStanding standing = page.policies().get(key);
        return Optional.ofNullable(asked.get(key))
                .filter(last -> policy != null && last.policy().equals(Grant.of(policy)))
                .filter(last -> standing != null && standing.since().isBefore(last.at()))
                .isPresent();
    }

    private static boolean isAhead(Duration left) {
        return !left.isNegative() && !left.isZero();
    }

    private static boolean isOld(Grant grant, Policies.@Nullable Policy policy) {
        return policy != null && policy.uid().equals(grant.uid()) && grant.generation() < policy.generation();
    }

    private static Map<PolicyKey, Grant> valid(Map<PolicyKey, Grant> grants, Policies.Snapshot policies) {
        Map<PolicyKey, Grant> valid = new HashMap<>();
        grants.forEach((key, grant) -> {
            Policies.Policy policy = policies.policies().get(key);
            if (policy != null && grant.equals(Grant.of(policy))) {
                valid.put(key, grant);
            }
        });
        return Map.copyOf(valid);
    }

    /** The workload was looked at, and its page says what came of it; the policies that have grants to give again. */
    synchronized Set<PolicyKey> settle(Pass pass) {
        idle.remove(pass.workload);
        Set<PolicyKey> taken = take(pass).keySet();
        if (!taken.isEmpty()) {
            postponed.remove(pass.workload);
        }
        return taken;
    }

    /**
     * The workload's page says that the change is refused: its grants take no slot, but are remembered for as long as it
     * is.
     */
    synchronized Set<PolicyKey> lay(Pass pass) {
        Map<PolicyKey, Grant> unused = take(pass);
        if (!unused.isEmpty()) {
            idle.computeIfAbsent(pass.workload, absent -> new HashMap<>()).putAll(unused);
        }
        return unused.keySet();
    }

    /** The workload could not be written: others go first for a while. */
    synchronized void postpone(Pass pass) {
        if (!take(pass).isEmpty()) {
            postponed.compute(pass.workload, (same, last) -> Pause.after(last, clock.instant()));
        }
    }

    /** Forgets a workload that is gone, or that nobody may change any more. */
    synchronized Set<PolicyKey> forget(WorkloadRef workload) {
        idle.remove(workload);
        postponed.remove(workload);
        since.remove(workload);
        Map<PolicyKey, Grant> unused = grants.remove(workload);
        return unused == null ? Set.of() : Set.copyOf(unused.keySet());
    }

    private Map<PolicyKey, Grant> take(Pass pass) {
        Map<PolicyKey, Grant> taken = new HashMap<>();
        grants.computeIfPresent(pass.workload, (same, present) -> {
            pass.grants.forEach((key, grant) -> {
                if (present.remove(key, grant)) {
                    taken.put(key, grant);
                }
            });
            return present.isEmpty() ? null : present;
        });
        since.keySet().retainAll(grants.keySet());
        return taken;
    }

    /** Hands out what may be handed out now. */
    synchronized Opened open(Policies.Policy policy) {
        // The grants first: one that is used up in between is in a page that is read after it.
        // One that was given to the policy as it was before is of no use to anybody, and replaced.
        Grant grant = Grant.of(policy);
        asked.put(policy.key(), new Asked(grant, clock.instant()));
        Set<WorkloadRef> granted = new HashSet<>();
        grants.forEach((workload, keys) -> {
            if (grant.equals(keys.get(policy.key()))) {
                granted.add(workload);
            }
        });
        Collection<WorkloadRecord> pages = ledger.of(policy.key());
        boolean shut = Gate.isShut(
                policy.terms(),
                pages.stream()
                        .flatMap(page -> page.flight(policy.key()).stream())
                        .toList());
        boolean removes = pages.stream().anyMatch(page -> isToLose(policy.key(), page));
        List<Gate.Berth> berths = pages.stream()
                // Whom the policy left long ago says nothing about the revision that comes now.
                .filter(page -> removes || !page.isDoneWith(policy.key()))
                .flatMap(page -> berth(policy, page, shut).stream())
                .toList();
        List<WorkloadRef> next = Gate.next(policy.terms(), berths, granted);
        next.forEach(workload -> {
            grants.computeIfAbsent(workload, absent -> new HashMap<>()).put(policy.key(), grant);
            since.putIfAbsent(workload, clock.instant());
        });
        List<WorkloadRef> told = Stream.concat(next.stream(), whoWaitedForIt(policy.key(), pages))
                .filter(workload -> !granted.contains(workload))
                .distinct()
                .toList();
        Optional<Duration> again = pages.stream()
                .filter(page -> waits(policy.key(), page))
                .flatMap(page -> pause(page.ref()).stream())
                .min(Comparator.naturalOrder());
        return new Opened(told, again);
    }

    /** Those that have another policy's grant and would have waited for this one's: now they know. */
    private Stream<WorkloadRef> whoWaitedForIt(PolicyKey key, Collection<WorkloadRecord> pages) {
        return pages.stream()
                .filter(page -> waits(key, page) && grants.containsKey(page.ref()))
                .map(WorkloadRecord::ref);
    }

    /** Forgets a policy that is gone. */
    synchronized void forget(PolicyKey policy) {
        asked.remove(policy);
    }

    /**
     * What was handed out.
     *
     * @param workloads who is to be looked at: those that were given a turn, and those that waited to hear of it
     * @param again when to try again without an event, if so
     */
    record Opened(List<WorkloadRef> workloads, Optional<Duration> again) {}

    private Optional<Gate.Berth> berth(Policies.Policy policy, WorkloadRecord page, boolean shut) {
        PolicyKey key = policy.key();
        Optional<PolicyStanding> standing = Optional.ofNullable(page.policies().get(key));
        Standing how = standing.map(PolicyStanding::standing).orElse(Standing.SKIPPED);
        boolean waits = waits(key, page);
        boolean counts = how == Standing.INJECTED || how == Standing.OUTDATED || waits;
        if (!counts && page.flight(key).isEmpty()) {
            return Optional.empty();
        }
        boolean first = policy.rules()
                .first()
                .filter(them -> them.matches(page.labels()))
                .isPresent();
        return Optional.of(new Gate.Berth(
                page.ref(),
                first,
                page.rollout(),
                how == Standing.INJECTED,
                waits && (!shut || isToLose(key, page)) && pause(page.ref()).isEmpty(),
                waits
                        || how == Standing.OUTDATED
                                && standing.flatMap(PolicyStanding::reason).isEmpty(),
                page.flight(key)));
    }

    private Optional<Duration> pause(WorkloadRef workload) {
        return Optional.ofNullable(postponed.get(workload))
                .map(pause -> Duration.between(clock.instant(), pause.until))
                .filter(Gatekeeper::isAhead);
    }

    private static boolean isToLose(PolicyKey key, WorkloadRecord page) {
        PolicyStanding standing = page.policies().get(key);
        return standing != null && standing.waits() && standing.standing() != Standing.OUTDATED;
    }

    private static boolean waits(PolicyKey key, WorkloadRecord page) {
        PolicyStanding standing = page.policies().get(key);
        return standing != null && standing.waits();
    }
}

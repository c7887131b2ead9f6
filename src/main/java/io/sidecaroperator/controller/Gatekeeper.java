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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one place where a workload is told that it may change for a policy. A grant counts as in flight until the page of
 * the look that used it is in the ledger; who decides what is granted is {@link Gate}.
 */
final class Gatekeeper {
    /** So long a workload that could not be written lets others go first. */
    private static final Duration POSTPONED = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Clock clock;
    private final Map<WorkloadRef, Map<PolicyKey, Grant>> grants = new HashMap<>();
    private final Map<WorkloadRef, Map<PolicyKey, Grant>> idle = new HashMap<>();
    private final Map<WorkloadRef, Instant> postponed = new HashMap<>();

    Gatekeeper(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** What was granted for: a policy that has changed since has to be asked again. */
    private record Grant(String uid, long generation, boolean deleting) {
        static Grant of(Policies.Policy policy) {
            return new Grant(policy.uid(), policy.generation(), policy.deleting());
        }
    }

    /** The policies for which the workload may change now. */
    synchronized Set<PolicyKey> granted(WorkloadRef workload, Policies.Snapshot policies) {
        return valid(grants.getOrDefault(workload, Map.of()), policies);
    }

    /** The policies for which the workload could have changed, had the API server or somebody else let it. */
    synchronized Set<PolicyKey> idle(WorkloadRef workload, Policies.Snapshot policies) {
        return valid(idle.getOrDefault(workload, Map.of()), policies);
    }

    private static Set<PolicyKey> valid(Map<PolicyKey, Grant> grants, Policies.Snapshot policies) {
        Set<PolicyKey> valid = new HashSet<>();
        grants.forEach((key, grant) -> {
            Policies.Policy policy = policies.policies().get(key);
            if (policy != null && grant.equals(Grant.of(policy))) {
                valid.add(key);
            }
        });
        return valid;
    }

    /** The workload was looked at, and its page says what came of it. */
    synchronized void settle(WorkloadRef workload) {
        grants.remove(workload);
        idle.remove(workload);
    }

    /** The workload's page says that the change is refused: its grants take no slot, but are remembered for as long as it is. */
    synchronized void lay(WorkloadRef workload) {
        Map<PolicyKey, Grant> unused = grants.remove(workload);
        if (unused != null) {
            idle.computeIfAbsent(workload, absent -> new HashMap<>()).putAll(unused);
        }
    }

    /** The workload could not be written: others go first for a while. */
    synchronized void postpone(WorkloadRef workload) {
        if (grants.remove(workload) != null) {
            postponed.put(workload, clock.instant().plus(POSTPONED));
        }
    }

    /** Hands out what may be handed out now. */
    synchronized Opened open(Policies.Policy policy) {
        // The grants first: one that is used up in between is in a page that is read after it.
        Set<WorkloadRef> granted = new HashSet<>();
        grants.forEach((workload, keys) -> {
            if (keys.containsKey(policy.key())) {
                granted.add(workload);
            }
        });
        Instant now = clock.instant();
        postponed.values().removeIf(until -> !now.isBefore(until));
        Collection<WorkloadRecord> pages = ledger.of(policy.key());
        boolean shut = Gate.isShut(
                policy.terms(),
                pages.stream()
                        .flatMap(page -> page.flight(policy.key()).stream())
                        .toList());
        boolean removes = pages.stream().anyMatch(page -> isToLose(policy.key(), page));
        List<Gate.Berth> berths = pages.stream()
                // Whom the policy left long ago says nothing about the revision that comes now.
                .filter(page -> removes || !isDoneWith(policy.key(), page))
                .flatMap(page -> berth(policy, page, shut).stream())
                .toList();
        List<WorkloadRef> next = Gate.next(policy.terms(), berths, granted);
        next.forEach(workload ->
                grants.computeIfAbsent(workload, absent -> new HashMap<>()).put(policy.key(), Grant.of(policy)));
        boolean anyPostponed =
                pages.stream().anyMatch(page -> postponed.containsKey(page.ref()) && waits(policy.key(), page));
        return new Opened(next, anyPostponed ? Optional.of(POSTPONED) : Optional.empty());
    }

    /**
     * What was handed out.
     *
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
                waits && (!shut || isToLose(key, page)) && !postponed.containsKey(page.ref()),
                page.flight(key)));
    }

    private static boolean isToLose(PolicyKey key, WorkloadRecord page) {
        PolicyStanding standing = page.policies().get(key);
        return standing != null && standing.waits() && standing.standing() != Standing.OUTDATED;
    }

    private static boolean isDoneWith(PolicyKey key, WorkloadRecord page) {
        return !page.policies().containsKey(key) && !page.isInFlight(key);
    }

    private static boolean waits(PolicyKey key, WorkloadRecord page) {
        PolicyStanding standing = page.policies().get(key);
        return standing != null && standing.waits();
    }
}

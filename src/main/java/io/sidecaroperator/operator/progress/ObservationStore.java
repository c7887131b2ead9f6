package io.sidecaroperator.operator.progress;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores the last observation of each workload. Observations are immutable and indexed by namespace and by policy, so a
 * policy finds the workloads that it concerns without a scan. The store also knows which workloads are still to be
 * reconciled before a policy's totals are complete.
 */
public final class ObservationStore {
    private final Clock clock;
    private final Map<WorkloadRef, WorkloadObservation> pages = new HashMap<>();
    private final Map<String, Set<WorkloadRef>> byNamespace = new HashMap<>();
    private final Map<PolicyKey, Set<WorkloadRef>> byPolicy = new HashMap<>();
    private final Map<String, Set<WorkloadRef>> starting = new HashMap<>();
    private final Map<PolicyKey, Map<WorkloadRef, Long>> awaited = new HashMap<>();
    private final Map<Cause, Integer> counts = new HashMap<>();
    private int rollingOut;
    /** The latest version of the policies for which workloads were awaited. */
    private long newest;

    private Consumer<Changes> listener = changes -> {};
    private final Set<WorkloadKind> pending;

    /**
     * @param kinds the kinds of workloads that will {@link #begin}
     */
    public ObservationStore(Clock clock, Collection<WorkloadKind> kinds) {
        this.clock = clock;
        this.pending = new HashSet<>(kinds);
    }

    /** Sync state and reason: the two labels of the workload metric. */
    record Cause(SyncState syncState, Optional<Reason> reason) {}

    /**
     * What a new observation means for policies.
     *
     * @param policies those whose totals changed, or that waited for this workload
     * @param namespace the namespace whose last workload has now been reconciled for the first time; otherwise empty
     */
    public record Changes(Set<PolicyKey> policies, Optional<String> namespace) {
        boolean none() {
            return policies.isEmpty() && namespace.isEmpty();
        }

        private Changes and(Set<PolicyKey> more) {
            Set<PolicyKey> all = new HashSet<>(policies);
            all.addAll(more);
            return new Changes(all, namespace);
        }
    }

    /** Sets the listener for changes. */
    public void listen(Consumer<Changes> newListener) {
        this.listener = newListener;
    }

    /**
     * Adds the workloads of a kind that existed when its watch began. Until each of them is reconciled, totals are
     * unknown.
     */
    public synchronized void begin(WorkloadKind kind, Collection<WorkloadRef> workloads) {
        for (WorkloadRef ref : workloads) {
            if (!pages.containsKey(ref)) {
                starting.computeIfAbsent(ref.namespace(), absent -> new HashSet<>())
                        .add(ref);
            }
        }
        pending.remove(kind);
    }

    /**
     * Waits for these workloads: the policy's totals are unknown until they are reconciled with policies of at least
     * {@code version}.
     */
    public synchronized void await(PolicyKey policy, Collection<WorkloadRef> workloads, long version) {
        newest = Math.max(newest, version);
        Map<WorkloadRef, Long> waiting = awaited.computeIfAbsent(policy, absent -> new HashMap<>());
        // A workload that was deleted meanwhile is not reconciled again, so it is not awaited.
        workloads.stream().filter(pages::containsKey).forEach(ref -> waiting.put(ref, version));
        if (waiting.isEmpty()) {
            awaited.remove(policy);
        }
    }

    /** Whether every workload that the policy may concern was reconciled with the policy as it is now. */
    public synchronized boolean knows(PolicyKey policy) {
        boolean seen = policy.namespace().isEmpty() ? starting.isEmpty() : !starting.containsKey(policy.namespace());
        return pending.isEmpty() && seen && !awaited.containsKey(policy);
    }

    /**
     * Stores the observation of a workload, made with policies of {@code version}. Returns the observation that it
     * replaces.
     */
    @Nullable
    public WorkloadObservation record(WorkloadObservation observation, long version) {
        return record(observation, version, Set::of);
    }

    /**
     * The same for a reconciliation that had a permission.
     *
     * @param end ends the permission after the observation is stored and before the listener is called; returns the
     *     policies for which that is news
     */
    @Nullable
    public WorkloadObservation record(WorkloadObservation observation, long version, Supplier<Set<PolicyKey>> end) {
        WorkloadObservation before;
        Changes changes;
        synchronized (this) {
            before = pages.get(observation.ref());
            WorkloadObservation dated =
                    observation.dated(before, isStarting(observation.ref()) ? Instant.EPOCH : clock.instant());
            changes = replace(observation.ref(), before, dated, version);
        }
        changes = changes.and(end.get());
        if (!changes.none()) {
            listener.accept(changes);
        }
        return before;
    }

    /** Removes the observation of a workload that is deleted or is being deleted. */
    public void forget(WorkloadRef ref) {
        Changes changes;
        synchronized (this) {
            changes = replace(ref, pages.get(ref), null, Long.MAX_VALUE);
        }
        if (!changes.none()) {
            listener.accept(changes);
        }
    }

    /** Whether the workload existed when the operator started and is not reconciled yet. */
    public synchronized boolean isStarting(WorkloadRef ref) {
        return pending.stream().anyMatch(kind -> kind.isOf(ref))
                || starting.getOrDefault(ref.namespace(), Set.of()).contains(ref);
    }

    /** Whether any workload that existed when the operator started is not reconciled yet. */
    public synchronized boolean isStarting() {
        return !pending.isEmpty() || !starting.isEmpty();
    }

    /** Returns the last observation of a workload. */
    public synchronized Optional<WorkloadObservation> observation(WorkloadRef ref) {
        return Optional.ofNullable(pages.get(ref));
    }

    /** Returns the namespaces that have observations. */
    public synchronized Set<String> namespaces() {
        return Set.copyOf(byNamespace.keySet());
    }

    /** Returns the observations of a namespace. */
    public synchronized List<WorkloadObservation> in(String namespace) {
        return byNamespace.getOrDefault(namespace, Set.of()).stream()
                .map(this::pageOf)
                .toList();
    }

    /**
     * Returns the observations that name a policy: of workloads that it selects, that retain its parts, or that it
     * refused.
     */
    public synchronized List<WorkloadObservation> of(PolicyKey policy) {
        return byPolicy.getOrDefault(policy, Set.of()).stream()
                .map(this::pageOf)
                .toList();
    }

    /** Returns the number of workloads that are rolling out or have failed after the operator's last write. */
    synchronized int rollingOut() {
        return rollingOut;
    }

    /** Returns the number of workloads with this sync state and reason, over all policies. */
    synchronized int count(Cause cause) {
        return counts.getOrDefault(cause, 0);
    }

    private WorkloadObservation pageOf(WorkloadRef ref) {
        WorkloadObservation observation = pages.get(ref);
        if (observation == null) {
            throw new IllegalStateException("the index names " + ref + ", which has no page");
        }
        return observation;
    }

    private Changes replace(
            WorkloadRef ref, @Nullable WorkloadObservation before, @Nullable WorkloadObservation after, long version) {
        Set<PolicyKey> changed = new HashSet<>();
        if (before == null || !before.equals(after)) {
            changed.addAll(changed(before, after));
            index(ref, before, after);
            replace(ref, after);
        }
        awaited.entrySet().removeIf(entry -> {
            Long wanted = entry.getValue().get(ref);
            if (wanted == null || wanted > version) {
                return false;
            }
            entry.getValue().remove(ref);
            changed.add(entry.getKey());
            return entry.getValue().isEmpty();
        });
        return new Changes(changed, started(ref, version));
    }

    /** Returns the policies whose totals a new observation changes. */
    private static Set<PolicyKey> changed(@Nullable WorkloadObservation before, @Nullable WorkloadObservation after) {
        Set<PolicyKey> changed = new HashSet<>(concerned(before));
        changed.addAll(concerned(after));
        if (before != null && after != null && before.rollout() == after.rollout() && before.pods() == after.pods()) {
            changed.removeIf(key ->
                    Objects.equals(before.policies().get(key), after.policies().get(key))
                            && before.workloadRollout(key).equals(after.workloadRollout(key)));
        }
        return changed;
    }

    private static Set<PolicyKey> concerned(@Nullable WorkloadObservation observation) {
        return observation == null ? Set.of() : observation.concerned();
    }

    private void index(WorkloadRef ref, @Nullable WorkloadObservation before, @Nullable WorkloadObservation after) {
        count(before, -1);
        count(after, 1);
        Set<PolicyKey> now = concerned(after);
        concerned(before).stream().filter(key -> !now.contains(key)).forEach(key -> drop(byPolicy, key, ref));
        now.forEach(
                key -> byPolicy.computeIfAbsent(key, absent -> new HashSet<>()).add(ref));
    }

    private void count(@Nullable WorkloadObservation observation, int times) {
        if (observation != null) {
            rollingOut += observation.workloadRollouts().values().stream().anyMatch(WorkloadRollout::isUp) ? times : 0;
            observation
                    .policies()
                    .values()
                    .forEach(syncState ->
                            counts.merge(new Cause(syncState.syncState(), syncState.reason()), times, Integer::sum));
        }
    }

    private void replace(WorkloadRef ref, @Nullable WorkloadObservation after) {
        if (after == null) {
            pages.remove(ref);
            drop(byNamespace, ref.namespace(), ref);
        } else {
            pages.put(ref, after);
            byNamespace
                    .computeIfAbsent(ref.namespace(), absent -> new HashSet<>())
                    .add(ref);
        }
    }

    private Optional<String> started(WorkloadRef ref, long version) {
        Set<WorkloadRef> waiting = starting.get(ref.namespace());
        if (version < newest) {
            // A policy changed during this first reconciliation, and could not wait for a workload without an
            // observation. The workload is reconciled again.
            return Optional.empty();
        }
        if (waiting == null || !waiting.remove(ref) || !waiting.isEmpty()) {
            return Optional.empty();
        }
        starting.remove(ref.namespace());
        return Optional.of(ref.namespace());
    }

    private static <K> void drop(Map<K, Set<WorkloadRef>> index, K key, WorkloadRef ref) {
        index.computeIfPresent(key, (same, refs) -> {
            refs.remove(ref);
            return refs.isEmpty() ? null : refs;
        });
    }
}

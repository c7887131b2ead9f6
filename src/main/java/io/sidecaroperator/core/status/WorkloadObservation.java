package io.sidecaroperator.core.status;

import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import io.sidecaroperator.core.rollout.WorkloadState;
import io.sidecaroperator.core.workload.RolloutState;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator last saw and did at one workload.
 *
 * @param labels the labels of the user's own template, which selectors match
 * @param policies the policies that concern it: those that select it or have parts in it
 * @param workloadRollouts the rollout of the operator's last write, for each policy of it
 * @param ignored what its owner asked for in its override annotation and did not get, a line each
 * @param pods the pods that a new template would replace by itself
 */
public record WorkloadObservation(
        WorkloadRef ref,
        Map<String, String> labels,
        RolloutState rollout,
        SortedMap<PolicyKey, SyncStatus> policies,
        SortedMap<PolicyKey, WorkloadRollout> workloadRollouts,
        List<String> ignored,
        int pods) {

    public WorkloadObservation {
        labels = Map.copyOf(labels);
        policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
        workloadRollouts = Collections.unmodifiableSortedMap(new TreeMap<>(workloadRollouts));
        ignored = List.copyOf(ignored);
    }

    /**
     * Builds the observation from the engine's result, the result of the write, and the rollout of the operator's last
     * write.
     */
    public static WorkloadObservation of(
            Injection injection,
            WriteResult write,
            RolloutState rollout,
            SortedMap<PolicyKey, WorkloadRollout> workloadRollouts) {
        SortedMap<PolicyKey, SyncStatus> policies = new TreeMap<>();
        for (PolicyOutcome outcome : injection.outcomes()) {
            SyncStateChoice.of(outcome, injection, write)
                    .map(syncState -> syncState.waiting(isQueued(outcome)))
                    .ifPresent(syncState -> policies.put(outcome.policy(), syncState));
        }
        workloadRollouts.forEach((key, workloadRollout) -> workloadRollout
                .cause()
                .ifPresent(cause -> policies.computeIfPresent(
                        key, (same, syncState) -> syncState.because(Reason.RevisionFailed, cause.toString()))));
        Map<String, String> labels = Json.strings(injection.stripped().path("metadata"), "labels");
        return new WorkloadObservation(
                injection.input().ref(), labels, rollout, policies, workloadRollouts, ignored(injection), 0);
    }

    /** A workload that policies may not change: it belongs to an owner, or its template cannot be read. */
    public static WorkloadObservation untouched(WorkloadRef ref) {
        return new WorkloadObservation(
                ref, Map.of(), RolloutState.DEFERRED, new TreeMap<>(), new TreeMap<>(), List.of(), 0);
    }

    /**
     * A workload whose last reconciliation failed: its parts stay, and it is unknown whether they are as wanted.
     *
     * @param before the earlier observation, if any
     * @param retained the revisions that its receipt names, by policy
     * @param why what went wrong
     */
    public static WorkloadObservation unseen(
            WorkloadRef ref, @Nullable WorkloadObservation before, Map<PolicyKey, String> retained, String why) {
        SortedMap<PolicyKey, SyncStatus> policies = new TreeMap<>(before == null ? Map.of() : before.policies);
        policies.replaceAll((key, was) -> was.syncState() == SyncState.INJECTED || was.syncState() == SyncState.OUTDATED
                ? SyncStatus.now(SyncState.OUTDATED, Optional.empty(), why, was.retained())
                : was);
        retained.forEach((key, revision) -> policies.putIfAbsent(
                key, SyncStatus.now(SyncState.OUTDATED, Optional.empty(), why, Optional.of(revision))));
        return before == null
                ? new WorkloadObservation(ref, Map.of(), RolloutState.DEFERRED, policies, new TreeMap<>(), List.of(), 0)
                : new WorkloadObservation(
                        ref,
                        before.labels,
                        before.rollout,
                        policies,
                        before.workloadRollouts,
                        before.ignored,
                        before.pods);
    }

    /**
     * The same observation with times. A status that was the same before keeps its time, any other gets {@code now}.
     */
    public WorkloadObservation dated(@Nullable WorkloadObservation before, Instant now) {
        SortedMap<PolicyKey, SyncStatus> dated = new TreeMap<>();
        policies.forEach((key, syncState) -> {
            SyncStatus was = before == null ? null : before.policies.get(key);
            dated.put(key, syncState.since(was != null && was.sameAs(syncState) ? was.since() : now));
        });
        return new WorkloadObservation(ref, labels, rollout, dated, workloadRollouts, ignored, pods);
    }

    /** The same observation of a workload whose rollback waits for a pod that the operator may not delete. */
    public WorkloadObservation waitingForPod(String pod, Set<PolicyKey> keys) {
        SortedMap<PolicyKey, SyncStatus> waiting = new TreeMap<>(policies);
        String message = "delete pod " + pod + ": " + Reason.DeletePodByHand.meaning();
        keys.forEach(key ->
                waiting.computeIfPresent(key, (same, syncState) -> syncState.because(Reason.DeletePodByHand, message)));
        return new WorkloadObservation(ref, labels, rollout, waiting, workloadRollouts, ignored, pods);
    }

    /** The same observation with the number of pods to replace. */
    public WorkloadObservation withPods(int count) {
        return new WorkloadObservation(ref, labels, rollout, policies, workloadRollouts, ignored, count);
    }

    private static List<String> ignored(Injection injection) {
        return Stream.concat(
                        injection.notes().stream(),
                        injection.outcomes().stream().flatMap(o -> o.notes().stream()))
                .filter(note -> note.reason() == Reason.OverrideIgnored)
                .map(Note::message)
                .toList();
    }

    /** Whether the workload has parts of the policy that the policy is responsible for. */
    public boolean retains(PolicyKey key) {
        SyncStatus syncStatus = policies.get(key);
        return syncStatus != null && syncStatus.kept();
    }

    /** The state of the workload under a policy. */
    public WorkloadState state(PolicyKey key) {
        Optional<SyncStatus> syncState = Optional.ofNullable(policies.get(key));
        return WorkloadState.of(new WorkloadState.Known(
                syncState.map(SyncStatus::syncState),
                syncState.flatMap(SyncStatus::reason).isPresent(),
                syncState.filter(SyncStatus::waits).isPresent(),
                workloadRollout(key).map(WorkloadRollout::state),
                rollout));
    }

    /** The rollout of the operator's last write to it for a policy, if that write concerned the policy. */
    public Optional<WorkloadRollout> workloadRollout(PolicyKey key) {
        return Optional.ofNullable(workloadRollouts.get(key));
    }

    /** Whether the last write for this policy has yet to become healthy. */
    public boolean isRollingOut(PolicyKey key) {
        return workloadRollout(key).filter(WorkloadRollout::isUp).isPresent();
    }

    /** Whether all that is left of the policy is a last write whose rollout has ended. */
    public boolean isDoneWith(PolicyKey key) {
        WorkloadState state = state(key);
        return state == WorkloadState.UNCONCERNED || state == WorkloadState.REMOVED;
    }

    /** The policies that concern it in any way. */
    public Set<PolicyKey> concerned() {
        Set<PolicyKey> keys = new TreeSet<>(policies.keySet());
        keys.addAll(workloadRollouts.keySet());
        return keys;
    }

    private static boolean isQueued(PolicyOutcome outcome) {
        return outcome.pending()
                .filter(pending -> pending.reason() == Reason.AwaitsTurn)
                .isPresent();
    }

    /** The revision of the policy that the workload's receipt names, if it names one. */
    public Optional<String> revision(PolicyKey key) {
        SyncStatus syncStatus = policies.get(key);
        return syncStatus == null ? Optional.empty() : syncStatus.retained();
    }
}

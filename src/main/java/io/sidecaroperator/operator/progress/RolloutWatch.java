package io.sidecaroperator.operator.progress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.rollout.OwnPods;
import io.sidecaroperator.core.rollout.RolloutHealth;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.operator.watch.Pods;
import io.sidecaroperator.operator.watch.Policies;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows the rollout of the operator's last write to a workload. It reads the pods of a workload only while that
 * rollout is open.
 */
public final class RolloutWatch {
    /**
     * How often the pods of one workload are read while its rollout is open. The pods of a quick rollout are never
     * read.
     */
    static final Duration POLL = Duration.ofSeconds(4);

    /** How often pods are read when all that is left is a failed rollout, or a pod that a person has to delete. */
    private static final Duration SLOW_POLL = Duration.ofSeconds(30);

    /** After a failed request, the watches may be outdated for this long: they retry after 32 s at the longest. */
    private static final Duration CATCHING_UP = Duration.ofSeconds(60);

    private final WorkloadKind kind;
    private final Pods pods;
    private final StuckRollbacks stuck;
    private final Clock clock;
    private final Map<WorkloadRef, Memory> memories = new ConcurrentHashMap<>();

    public RolloutWatch(WorkloadKind kind, Pods pods, Clock clock) {
        this.kind = kind;
        this.pods = pods;
        this.stuck = new StuckRollbacks(kind, pods);
        this.clock = clock;
    }

    /**
     * What is remembered of a last write: when it was made, since when it is known, when pods were last read, when such
     * a read last failed, and the last assessment.
     */
    private record Memory(
            Instant at,
            Instant since,
            Instant read,
            Instant blind,
            SortedMap<PolicyKey, WorkloadRollout> workloadRollouts,
            Optional<StuckRollbacks.ByHand> byHand) {
        /** The same with a new assessment. */
        Memory with(SortedMap<PolicyKey, WorkloadRollout> newWorkloadRollouts, boolean mayBeStuck) {
            return with(newWorkloadRollouts, mayBeStuck ? byHand : Optional.empty());
        }

        Memory with(
                SortedMap<PolicyKey, WorkloadRollout> newWorkloadRollouts, Optional<StuckRollbacks.ByHand> newByHand) {
            return new Memory(at, since, read, blind, newWorkloadRollouts, newByHand);
        }

        Memory afterReading(Instant now, boolean inVain) {
            return new Memory(at, since, now, inVain ? now : blind, workloadRollouts, byHand);
        }
    }

    /**
     * The state of the last write.
     *
     * @param record the last write, as the workload's annotation has it
     * @param marked the last write as it is to be stored, when the workload has to remember that it is complete
     * @param byHand the pod that a person has to delete before a rollback can go on
     * @param again when to check again without an event; empty when not needed
     */
    public record Watched(
            Optional<LastWrite> record,
            SortedMap<PolicyKey, WorkloadRollout> workloadRollouts,
            Optional<LastWrite> marked,
            Optional<StuckRollbacks.ByHand> byHand,
            Optional<Duration> again) {
        static final Watched NONE = new Watched(
                Optional.empty(), Collections.emptySortedMap(), Optional.empty(), Optional.empty(), Optional.empty());

        boolean isOpen() {
            return RolloutWatch.isOpen(workloadRollouts);
        }
    }

    /** Returns the state of the workload's last write now. */
    public Watched poll(WorkloadRef ref, ObjectNode workload, ObjectNode template, Policies.Snapshot policies) {
        Optional<LastWrite> found = LastWrite.of(workload);
        if (found.isEmpty()) {
            forget(ref);
            return Watched.NONE;
        }
        LastWrite record = found.get();
        Instant now = clock.instant();
        Memory memory = memories.compute(
                ref,
                (same, old) -> old != null && old.at().equals(record.at())
                        ? old
                        : new Memory(record.at(), now, record.at(), Instant.EPOCH, new TreeMap<>(), Optional.empty()));
        RolloutHealth.Seen seen = new RolloutHealth.Seen(
                kind,
                workload,
                LastWrite.hashOf(Engine.strip(template).template()),
                Engine.receiptOf(template).orElse(Receipt.EMPTY),
                Optional.empty(),
                memory.since(),
                now);
        return assess(new Poll(ref, record, seen, memory, policies));
    }

    /** One assessment of one workload. */
    private record Poll(
            WorkloadRef ref, LastWrite record, RolloutHealth.Seen seen, Memory memory, Policies.Snapshot policies) {
        SortedMap<PolicyKey, WorkloadRollout> workloadRollouts() {
            return RolloutWatch.workloadRollouts(record, seen, memory, policies);
        }

        SortedMap<PolicyKey, WorkloadRollout> workloadRollouts(List<JsonNode> pods) {
            return RolloutWatch.workloadRollouts(record, with(seen, pods), memory, policies);
        }

        Instant deadline() {
            return RolloutHealth.deadline(record, policies::terms);
        }

        boolean isLate() {
            return !seen.now().isBefore(deadline());
        }

        boolean isSince(Instant moment, Duration time) {
            return !seen.now().isBefore(moment.plus(time));
        }
    }

    private Watched assess(Poll poll) {
        RolloutHealth.Seen seen = poll.seen();
        boolean mayBeStuck = stuck.mayBe(seen.workload());
        Map<PolicyKey, String> failed = mayBeStuck ? stuck.failed(poll.record(), poll.policies()) : Map.of();
        Memory known = poll.memory().with(poll.workloadRollouts(), mayBeStuck);
        Memory now = areToBeRead(poll, known, failed, mayBeStuck) ? read(poll, known, failed, mayBeStuck) : known;
        now = now.with(
                believable(now.workloadRollouts(), poll.memory(), !poll.isSince(now.blind(), CATCHING_UP)), true);
        memories.put(poll.ref(), now);
        boolean open = isOpen(now.workloadRollouts())
                || !failed.isEmpty()
                || now.byHand().isPresent();
        Optional<Duration> again = isUndecided(now.workloadRollouts())
                ? Optional.of(next(poll.record(), seen, poll.policies()))
                : Optional.of(SLOW_POLL).filter(slow -> open);
        Optional<LastWrite> marked = RolloutHealth.isMarkNeeded(poll.record(), seen)
                ? Optional.of(poll.record().completeAt(seen.now()))
                : Optional.empty();
        return new Watched(Optional.of(poll.record()), now.workloadRollouts(), marked, now.byHand(), again);
    }

    /**
     * Whether to read the pods now: often while a rollout is undecided, otherwise rarely. Also when a deadline has
     * passed, because the pods show which policy is the cause.
     */
    private static boolean areToBeRead(Poll poll, Memory known, Map<PolicyKey, String> failed, boolean mayBeStuck) {
        boolean watched = isOpen(known.workloadRollouts())
                || !failed.isEmpty()
                || known.byHand().isPresent();
        Duration pace = isUndecided(known.workloadRollouts()) ? POLL : SLOW_POLL;
        boolean overSince = mayBeStuck && poll.isLate() && known.read().isBefore(poll.deadline());
        return watched && poll.isSince(known.read(), pace)
                || hasJustFailed(known.workloadRollouts(), poll.memory())
                || overSince;
    }

    private Memory read(Poll poll, Memory known, Map<PolicyKey, String> failed, boolean mayBeStuck) {
        RolloutHealth.Seen seen = poll.seen();
        Optional<List<JsonNode>> found = pods.of(seen.workload()).map(all -> OwnPods.of(kind, seen.workload(), all));
        if (found.isEmpty()) {
            return known.afterReading(seen.now(), true);
        }
        List<JsonNode> own = found.get();
        Optional<StuckRollbacks.ByHand> byHand = mayBeStuck
                ? stuck.free(
                        poll.ref(),
                        own,
                        StuckRollbacks.hopeless(poll.record(), seen.workload(), own, failed, poll.isLate()))
                : Optional.empty();
        return known.afterReading(seen.now(), false).with(poll.workloadRollouts(own), byHand);
    }

    /**
     * Ignores new deadline failures until the watches have caught up. While the API server cannot be asked for pods,
     * the watch of the workload may be outdated too.
     */
    private static SortedMap<PolicyKey, WorkloadRollout> believable(
            SortedMap<PolicyKey, WorkloadRollout> workloadRollouts, Memory memory, boolean blind) {
        SortedMap<PolicyKey, WorkloadRollout> believable = new TreeMap<>(workloadRollouts);
        if (blind) {
            believable.replaceAll((key, workloadRollout) -> workloadRollout.isTooLate() && !hadFailed(key, memory)
                    ? workloadRollout.undecided()
                    : workloadRollout);
        }
        return believable;
    }

    private static boolean isOpen(SortedMap<PolicyKey, WorkloadRollout> workloadRollouts) {
        return workloadRollouts.values().stream().anyMatch(WorkloadRollout::isUp);
    }

    private static boolean isUndecided(SortedMap<PolicyKey, WorkloadRollout> workloadRollouts) {
        return workloadRollouts.values().stream()
                .anyMatch(workloadRollout -> workloadRollout.phase() == WorkloadRollout.Phase.PROGRESSING);
    }

    /** Whether a rollout has just failed by its deadline. The pods then show which policy is the cause. */
    private static boolean hasJustFailed(SortedMap<PolicyKey, WorkloadRollout> workloadRollouts, Memory memory) {
        return workloadRollouts.entrySet().stream()
                .anyMatch(entry -> isFailed(entry.getValue()) && !hadFailed(entry.getKey(), memory));
    }

    private static boolean hadFailed(PolicyKey key, Memory memory) {
        return Optional.ofNullable(memory.workloadRollouts().get(key))
                .filter(RolloutWatch::isFailed)
                .isPresent();
    }

    private static boolean isFailed(WorkloadRollout workloadRollout) {
        return workloadRollout.phase() == WorkloadRollout.Phase.FAILED;
    }

    private static SortedMap<PolicyKey, WorkloadRollout> workloadRollouts(
            LastWrite record, RolloutHealth.Seen seen, Memory memory, Policies.Snapshot policies) {
        SortedMap<PolicyKey, WorkloadRollout> workloadRollouts = new TreeMap<>();
        RolloutHealth.of(record, seen, policies::terms).forEach((key, workloadRollout) -> {
            WorkloadRollout before = memory.workloadRollouts().get(key);
            // Approving a revision also forgives its earlier failure.
            boolean forgiven = before != null
                    && isFailed(before)
                    && policies.terms(key).filter(RolloutHealth.Terms::approved).isPresent();
            workloadRollouts.put(key, before == null || forgiven ? workloadRollout : workloadRollout.after(before));
        });
        return workloadRollouts;
    }

    private static Duration next(LastWrite record, RolloutHealth.Seen seen, Policies.Snapshot policies) {
        return RolloutHealth.next(record, seen, policies::terms)
                .filter(time -> time.compareTo(POLL) < 0)
                .orElse(POLL);
    }

    private static RolloutHealth.Seen with(RolloutHealth.Seen seen, List<JsonNode> pods) {
        return new RolloutHealth.Seen(
                seen.kind(),
                seen.workload(),
                seen.template(),
                seen.receipt(),
                Optional.of(pods),
                seen.since(),
                seen.now());
    }

    /** Forgets a workload that is gone. */
    public void forget(WorkloadRef ref) {
        memories.remove(ref);
        stuck.forget(ref);
    }
}

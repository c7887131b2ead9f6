package io.sidecaroperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Engine;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.Receipt;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.rollout.Flight;
import io.sidecaroperator.rollout.Flights;
import io.sidecaroperator.rollout.RolloutRecord;
import io.sidecaroperator.workload.WorkloadKind;
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

/** Follows what the operator's last write to a workload comes to: reads its pods while that is open, and no others. */
final class RolloutWatch {
    /** How often the pods of one workload are read while its rollout is open; a quick rollout is never looked into. */
    static final Duration POLL = Duration.ofSeconds(4);

    /** How often they are read when nothing is open but what has failed, or a pod that somebody has to delete. */
    private static final Duration SLOW_POLL = Duration.ofSeconds(30);

    private final WorkloadKind kind;
    private final Pods pods;
    private final StuckRollbacks stuck;
    private final Clock clock;
    private final Map<WorkloadRef, Memory> memories = new ConcurrentHashMap<>();

    RolloutWatch(WorkloadKind kind, Pods pods, Clock clock) {
        this.kind = kind;
        this.pods = pods;
        this.stuck = new StuckRollbacks(kind, pods);
        this.clock = clock;
    }

    /** What is remembered of a record: since when it is known, when pods were last read, and what was judged. */
    private record Memory(
            Instant at,
            Instant since,
            Instant read,
            SortedMap<PolicyKey, Flight> flights,
            Optional<StuckRollbacks.ByHand> byHand) {}

    /**
     * What the last write has come to.
     *
     * @param marked the record as it is to be stored, when the workload is to remember that it is complete
     * @param byHand the pod that somebody has to delete for a rollback to go on
     * @param again when to look again without an event, if so
     */
    record State(
            Optional<RolloutRecord> record,
            SortedMap<PolicyKey, Flight> flights,
            Optional<RolloutRecord> marked,
            Optional<StuckRollbacks.ByHand> byHand,
            Optional<Duration> again) {
        static final State NONE = new State(
                Optional.empty(), Collections.emptySortedMap(), Optional.empty(), Optional.empty(), Optional.empty());

        boolean isOpen() {
            return flights.values().stream().anyMatch(Flight::isUp);
        }
    }

    /** What is to be believed of the workload's last write now. */
    State look(WorkloadRef ref, ObjectNode workload, ObjectNode template, Policies.Snapshot policies) {
        Optional<RolloutRecord> found = RolloutRecord.of(workload);
        if (found.isEmpty()) {
            forget(ref);
            return State.NONE;
        }
        RolloutRecord record = found.get();
        Instant now = clock.instant();
        Memory memory = memories.compute(
                ref,
                (same, old) -> old != null && old.at().equals(record.at())
                        ? old
                        : new Memory(record.at(), now, record.at(), new TreeMap<>(), Optional.empty()));
        Flights.Seen seen = new Flights.Seen(
                kind,
                workload,
                RolloutRecord.hashOf(Engine.strip(template).template()),
                Engine.receiptOf(template).orElse(Receipt.EMPTY),
                Optional.empty(),
                memory.since(),
                now);
        return judge(ref, record, seen, memory, policies);
    }

    private State judge(
            WorkloadRef ref, RolloutRecord record, Flights.Seen seen, Memory memory, Policies.Snapshot policies) {
        SortedMap<PolicyKey, Flight> flights = flights(record, seen, memory, policies);
        Instant read = memory.read();
        boolean open = flights.values().stream().anyMatch(Flight::isUp);
        boolean undecided = flights.values().stream().anyMatch(flight -> flight.phase() == Flight.Phase.IN_FLIGHT);
        Map<PolicyKey, String> failed = stuck.failed(record, seen.workload(), policies);
        Optional<StuckRollbacks.ByHand> byHand = failed.isEmpty() ? Optional.empty() : memory.byHand();
        Duration pace = undecided ? POLL : SLOW_POLL;
        boolean due = (open || !failed.isEmpty()) && !seen.now().isBefore(read.plus(pace));
        if (due || hasJustFailed(flights, memory)) {
            read = seen.now();
            List<JsonNode> found = pods.of(seen.workload());
            flights = flights(record, with(seen, found), memory, policies);
            byHand = failed.isEmpty() ? Optional.empty() : stuck.free(ref, seen.workload(), found, failed);
        }
        memories.put(ref, new Memory(memory.at(), memory.since(), read, flights, byHand));
        Optional<Duration> again = undecided
                ? Optional.of(next(record, seen, policies))
                : Optional.of(SLOW_POLL).filter(slow -> open || !failed.isEmpty());
        Optional<RolloutRecord> marked =
                Flights.isMarkNeeded(record, seen) ? Optional.of(record.completeAt(seen.now())) : Optional.empty();
        return new State(Optional.of(record), flights, marked, byHand, again);
    }

    /** Who is to blame for a deadline that has passed, the pods tell. */
    private static boolean hasJustFailed(SortedMap<PolicyKey, Flight> flights, Memory memory) {
        return flights.entrySet().stream().anyMatch(entry -> {
            Flight before = memory.flights().get(entry.getKey());
            return isFailed(entry.getValue()) && (before == null || !isFailed(before));
        });
    }

    private static boolean isFailed(Flight flight) {
        return flight.phase() == Flight.Phase.FAILED;
    }

    private static SortedMap<PolicyKey, Flight> flights(
            RolloutRecord record, Flights.Seen seen, Memory memory, Policies.Snapshot policies) {
        SortedMap<PolicyKey, Flight> flights = new TreeMap<>();
        Flights.of(record, seen, policies::terms).forEach((key, flight) -> {
            Flight before = memory.flights().get(key);
            // Who approves a revision forgives what it has failed at.
            boolean forgiven = before != null
                    && isFailed(before)
                    && policies.terms(key).filter(Flights.Terms::approved).isPresent();
            flights.put(key, before == null || forgiven ? flight : flight.after(before));
        });
        return flights;
    }

    private static Duration next(RolloutRecord record, Flights.Seen seen, Policies.Snapshot policies) {
        return Flights.next(record, seen, policies::terms)
                .filter(time -> time.compareTo(POLL) < 0)
                .orElse(POLL);
    }

    private static Flights.Seen with(Flights.Seen seen, List<JsonNode> pods) {
        return new Flights.Seen(
                seen.kind(),
                seen.workload(),
                seen.template(),
                seen.receipt(),
                Optional.of(pods),
                seen.since(),
                seen.now());
    }

    /** Forgets a workload that is gone. */
    void forget(WorkloadRef ref) {
        memories.remove(ref);
        stuck.forget(ref);
    }
}

package io.sidecaroperator.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.Receipt;
import io.sidecaroperator.rollout.RolloutRecord.Change;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.workload.Rollout;
import io.sidecaroperator.workload.WorkloadKind;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Judges what the operator's last write to a workload has come to. */
public final class Flights {
    /** A record from later than that is none of the operator's: clocks of one cluster are not that far apart. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private Flights() {}

    /**
     * A workload with a record, as it is seen now.
     *
     * @param workload the whole object
     * @param template {@link RolloutRecord#hashOf} the user's part of its template
     * @param receipt the receipt of its template
     * @param pods its pods (core/v1), where they were looked at
     * @param since when this process first saw this record: a deadline that passed before is held against nobody
     */
    public record Seen(
            WorkloadKind kind,
            ObjectNode workload,
            String template,
            Receipt receipt,
            Optional<List<JsonNode>> pods,
            Instant since,
            Instant now) {}

    /**
     * What of a policy matters here.
     *
     * @param revision what it injects now; empty when it is being deleted or does not compile
     * @param approved whether somebody has said that this revision goes on whatever fails
     */
    public record Terms(Optional<String> revision, RolloutRules rules, boolean approved) {}

    /** A flight for each policy of the record. {@code terms} is empty for a policy that is not there. */
    public static SortedMap<PolicyKey, Flight> of(
            RolloutRecord record, Seen seen, Function<PolicyKey, Optional<Terms>> terms) {
        Judge judge = new Judge(record, seen, strictest(record, terms), completeAt(record, seen));
        SortedMap<PolicyKey, Flight> flights = new TreeMap<>();
        record.changes().forEach((key, change) -> flights.put(key, judge.flight(key, change, terms.apply(key))));
        return flights;
    }

    /** Whether all pods were just seen to run the template of an object that does not keep in mind since when. */
    public static boolean isMarkNeeded(RolloutRecord record, Seen seen) {
        return record.completeAt().isEmpty()
                && Rollout.of(seen.kind, seen.workload) == Rollout.COMPLETE
                && toldCompleteAt(seen).isEmpty()
                && record.changes().keySet().stream().anyMatch(key -> matches(record, seen, key));
    }

    /** When the time of what a write brought is over. */
    public static Instant deadline(RolloutRecord record, Function<PolicyKey, Optional<Terms>> terms) {
        return record.at().plus(strictest(record, terms).progressDeadline());
    }

    /** How long until a flight can turn by time alone; empty when none can. */
    public static Optional<Duration> next(RolloutRecord record, Seen seen, Function<PolicyKey, Optional<Terms>> terms) {
        RolloutRules rules = strictest(record, terms);
        Instant moment = completeAt(record, seen)
                .map(complete -> complete.plus(rules.minReady()))
                .orElse(record.at().plus(rules.progressDeadline()));
        boolean up = of(record, seen, terms).values().stream().anyMatch(Flight::isUp);
        return up && moment.isAfter(seen.now) ? Optional.of(Duration.between(seen.now, moment)) : Optional.empty();
    }

    private static RolloutRules strictest(RolloutRecord record, Function<PolicyKey, Optional<Terms>> terms) {
        return record.changes().keySet().stream()
                .flatMap(key -> terms.apply(key).stream())
                .map(Terms::rules)
                .reduce(RolloutRules::strictest)
                .orElse(RolloutRules.DEFAULT);
    }

    /** Whether what the operator wrote for the policy is still what the object is about. */
    static boolean matches(RolloutRecord record, Seen seen, PolicyKey key) {
        Optional<String> carried =
                Optional.ofNullable(seen.receipt.entries().get(key)).map(Receipt.Entry::revision);
        return !isFromTheFuture(record, seen.now)
                && record.uid().equals(Json.textAt(seen.workload.path("metadata"), "uid"))
                && record.template().equals(seen.template)
                && carried.equals(Optional.ofNullable(record.changes().get(key)).flatMap(Change::to));
    }

    /** Somebody who writes such a time would keep a slot of the policy's until then. */
    private static boolean isFromTheFuture(RolloutRecord record, Instant now) {
        Instant latest = now.plus(CLOCK_SKEW);
        return record.at().isAfter(latest)
                || record.completeAt().filter(latest::isBefore).isPresent();
    }

    /** Since when all pods run the template, once they did: pods that turn unready later do not take it back. */
    private static Optional<Instant> completeAt(RolloutRecord record, Seen seen) {
        if (record.completeAt().isPresent()) {
            return record.completeAt();
        }
        return Rollout.of(seen.kind, seen.workload) == Rollout.COMPLETE
                ? Optional.of(toldCompleteAt(seen)
                        .map(told -> told.isBefore(record.at()) ? record.at() : told)
                        .map(told -> told.isAfter(seen.now) ? seen.now : told)
                        .orElse(seen.now))
                : Optional.empty();
    }

    /** A Deployment keeps the moment: the condition is written when it is complete, and not again while it stays so. */
    private static Optional<Instant> toldCompleteAt(Seen seen) {
        if (!seen.kind.equals(WorkloadKind.DEPLOYMENT)) {
            return Optional.empty();
        }
        try {
            return PodFaults.condition(seen.workload, "Progressing")
                    .map(condition -> Json.textAt(condition, "lastUpdateTime"))
                    .map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}

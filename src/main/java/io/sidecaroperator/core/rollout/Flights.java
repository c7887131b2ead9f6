package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.rollout.Flight.Phase;
import io.sidecaroperator.core.rollout.RolloutRecord.Change;
import io.sidecaroperator.core.workload.Rollout;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    private static boolean matches(RolloutRecord record, Seen seen, PolicyKey key) {
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

    /**
     * What is the same for every policy of one record, and the flight of each.
     *
     * @param rules the strictest of all its policies
     * @param completeAt since when all pods run the template
     */
    private record Judge(RolloutRecord record, Seen seen, RolloutRules rules, Optional<Instant> completeAt) {
        /** Says of one policy's sidecars, at one revision, what is wrong with them. */
        private interface Blame {
            Optional<Fault> of(List<JsonNode> pods, PolicyKey policy, String revision);
        }

        Flight flight(PolicyKey key, Change change, Optional<Terms> terms) {
            if (!matches(record, seen, key) || Rollout.of(seen.kind(), seen.workload()) == Rollout.DEFERRED) {
                return flight(change, Phase.RELEASED);
            }
            if (completeAt.isPresent() && isReached(completeAt.get().plus(rules.minReady()))) {
                return flight(change, Phase.HEALTHY);
            }
            boolean judged = isJudged(change, terms);
            Optional<Fault> own = judged ? blame(PodFaults::of, key, change) : Optional.empty();
            if (own.isPresent()) {
                return failed(change, own.get());
            }
            Instant deadline = record.at().plus(rules.progressDeadline());
            if (completeAt.isPresent() || !isReached(deadline)) {
                return flight(change, Phase.IN_FLIGHT);
            }
            // Who began to watch after the deadline does not know what happened until then.
            return judged && seen.since().isBefore(deadline) ? late(key, change) : flight(change, Phase.RELEASED);
        }

        /**
         * A failed one can only be one that ran before, that came to what the policy wants, and that nobody has approved all
         * the same.
         */
        private boolean isJudged(Change change, Optional<Terms> terms) {
            return record.completeBefore()
                    && !change.rollback()
                    && change.to().isPresent()
                    && terms.isPresent()
                    && terms.get().revision().equals(change.to())
                    && !terms.get().approved();
        }

        /** A sidecar that waits for another policy's crashing one is not ready either, and is not to blame. */
        private Flight late(PolicyKey key, Change change) {
            if (isHeldUp()) {
                return flight(change, Phase.RELEASED);
            }
            if (isAnotherToBlame(PodFaults::of, key)) {
                return flight(change, Phase.RELEASED);
            }
            Optional<Fault> own = blame(PodFaults::notReady, key, change);
            if (own.isPresent()) {
                return failed(change, own.get());
            }
            return isAnotherToBlame(PodFaults::notReady, key)
                    ? flight(change, Phase.RELEASED)
                    : failed(change, withoutCulprit(key, change));
        }

        /** A pod of an earlier write that does not come to run is waited for: what this write brought has not even been tried. */
        private boolean isHeldUp() {
            return StuckPods.areWaitedFor(seen.kind(), seen.workload())
                    && !StuckPods.overtaken(record, seen.workload(), seen.pods().orElse(List.of()))
                            .isEmpty();
        }

        private Fault withoutCulprit(PolicyKey key, Change change) {
            Fault fault = PodFaults.tooLate(
                    seen.pods().orElse(List.of()), key, change.to().orElse(""));
            String shown = fault.message().isEmpty() ? replicaFailure() : fault.message();
            String others = record.changes().keySet().stream()
                    .filter(other -> !other.equals(key))
                    .map(PolicyKey::toString)
                    .collect(Collectors.joining(", "));
            String company = others.isEmpty() ? "" : "came with " + others;
            String message =
                    Stream.of(shown, company).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
            return new Fault(Optional.empty(), fault.reason(), message, fault.pod());
        }

        /** Why there is no pod at all, which a quota can be the cause of; a Deployment tells. */
        private String replicaFailure() {
            return PodFaults.condition(seen.workload(), "ReplicaFailure")
                    .filter(condition -> "True".equals(Json.textAt(condition, "status")))
                    .map(condition ->
                            ContainerStatus.start(condition.path("message").asText()))
                    .orElse("");
        }

        private boolean isAnotherToBlame(Blame blame, PolicyKey key) {
            return record.changes().entrySet().stream()
                    .filter(other -> !other.getKey().equals(key))
                    .anyMatch(other ->
                            blame(blame, other.getKey(), other.getValue()).isPresent());
        }

        private Optional<Fault> blame(Blame blame, PolicyKey key, Change change) {
            return seen.pods().flatMap(pods -> change.to().flatMap(to -> blame.of(pods, key, to)));
        }

        private boolean isReached(Instant moment) {
            return !seen.now().isBefore(moment);
        }

        private Flight failed(Change change, Fault fault) {
            return new Flight(record.at(), change, Phase.FAILED, Optional.of(fault));
        }

        private Flight flight(Change change, Phase phase) {
            return new Flight(record.at(), change, phase, Optional.empty());
        }
    }
}

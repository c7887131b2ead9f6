package io.sidecaroperator.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.rollout.Flight.Phase;
import io.sidecaroperator.rollout.Flights.Seen;
import io.sidecaroperator.rollout.Flights.Terms;
import io.sidecaroperator.rollout.RolloutRecord.Change;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.workload.Rollout;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is the same for every policy of one record, and the flight of each.
 *
 * @param rules the strictest of all its policies
 * @param completeAt since when all pods run the template
 */
record Judge(RolloutRecord record, Seen seen, RolloutRules rules, Optional<Instant> completeAt) {
    /** Says of one policy's sidecars, at one revision, what is wrong with them. */
    private interface Blame {
        Optional<Fault> of(List<JsonNode> pods, PolicyKey policy, String revision);
    }

    Flight flight(PolicyKey key, Change change, Optional<Terms> terms) {
        if (!Flights.matches(record, seen, key) || Rollout.of(seen.kind(), seen.workload()) == Rollout.DEFERRED) {
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
                .anyMatch(
                        other -> blame(blame, other.getKey(), other.getValue()).isPresent());
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

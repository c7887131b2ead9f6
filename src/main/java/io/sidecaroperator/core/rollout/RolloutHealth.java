package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.WorkloadRollout.Phase;
import io.sidecaroperator.core.workload.RolloutState;
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

/** Assesses the result of the operator's last write to a workload. */
public final class RolloutHealth {
    /** A last write with a later time is not the operator's: clocks of one cluster are not that far apart. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private RolloutHealth() {}

    /**
     * A workload with the annotation of a last write, as it is seen now.
     *
     * @param workload the whole object
     * @param template {@link LastWrite#hashOf} the user's part of its template
     * @param receipt the receipt of its template
     * @param pods its pods (core/v1), where they were read
     * @param since when this process first saw this write: a deadline that passed before does not count as a failure
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
     * The part of a policy that matters here.
     *
     * @param revision what it injects now; empty when it is being deleted or does not compile
     * @param approved whether a person has approved that this revision continues despite failures
     */
    public record Terms(Optional<String> revision, RolloutRules rules, boolean approved) {}

    /** Returns the rollout of each policy of the write. {@code terms} is empty for an unknown policy. */
    public static SortedMap<PolicyKey, WorkloadRollout> of(
            LastWrite record, Seen seen, Function<PolicyKey, Optional<Terms>> terms) {
        Assessment assessment = new Assessment(record, seen, strictest(record, terms), completeAt(record, seen));
        SortedMap<PolicyKey, WorkloadRollout> workloadRollouts = new TreeMap<>();
        record.changes()
                .forEach((key, change) ->
                        workloadRollouts.put(key, assessment.workloadRollout(key, change, terms.apply(key))));
        return workloadRollouts;
    }

    /** Whether all pods were just seen to run the template of an object that does not store since when. */
    public static boolean isMarkNeeded(LastWrite record, Seen seen) {
        return record.completeAt().isEmpty()
                && RolloutState.of(seen.kind, seen.workload) == RolloutState.COMPLETE
                && reportedCompleteAt(seen).isEmpty()
                && record.changes().keySet().stream().anyMatch(key -> matches(record, seen, key));
    }

    /** The end of the time that a write's rollout may take. */
    public static Instant deadline(LastWrite record, Function<PolicyKey, Optional<Terms>> terms) {
        return record.at().plus(strictest(record, terms).progressDeadline());
    }

    /** How long until time alone can change the state of a rollout; empty when it cannot. */
    public static Optional<Duration> next(LastWrite record, Seen seen, Function<PolicyKey, Optional<Terms>> terms) {
        RolloutRules rules = strictest(record, terms);
        Instant moment = completeAt(record, seen)
                .map(complete -> complete.plus(rules.minReady()))
                .orElse(record.at().plus(rules.progressDeadline()));
        boolean up = of(record, seen, terms).values().stream().anyMatch(WorkloadRollout::isUp);
        return up && moment.isAfter(seen.now) ? Optional.of(Duration.between(seen.now, moment)) : Optional.empty();
    }

    private static RolloutRules strictest(LastWrite record, Function<PolicyKey, Optional<Terms>> terms) {
        return record.changes().keySet().stream()
                .flatMap(key -> terms.apply(key).stream())
                .map(Terms::rules)
                .reduce(RolloutRules::strictest)
                .orElse(RolloutRules.DEFAULT);
    }

    /** Whether the object still is as the operator wrote it for the policy. */
    private static boolean matches(LastWrite record, Seen seen, PolicyKey key) {
        Optional<String> retained =
                Optional.ofNullable(seen.receipt.entries().get(key)).map(Receipt.Entry::revision);
        return !isFromTheFuture(record, seen.now)
                && record.uid().equals(Json.textAt(seen.workload.path("metadata"), "uid"))
                && record.template().equals(seen.template)
                && retained.equals(
                        Optional.ofNullable(record.changes().get(key)).flatMap(Change::to));
    }

    /** A client that writes such a time would otherwise occupy a slot of the policy until then. */
    private static boolean isFromTheFuture(LastWrite record, Instant now) {
        Instant latest = now.plus(CLOCK_SKEW);
        return record.at().isAfter(latest)
                || record.completeAt().filter(latest::isBefore).isPresent();
    }

    /** Since when all pods run the template, once they did. Pods that become unready later do not change it. */
    private static Optional<Instant> completeAt(LastWrite record, Seen seen) {
        if (record.completeAt().isPresent()) {
            return record.completeAt();
        }
        return RolloutState.of(seen.kind, seen.workload) == RolloutState.COMPLETE
                ? Optional.of(reportedCompleteAt(seen)
                        .map(message -> message.isBefore(record.at()) ? record.at() : message)
                        .map(message -> message.isAfter(seen.now) ? seen.now : message)
                        .orElse(seen.now))
                : Optional.empty();
    }

    /**
     * A Deployment stores the time: its controller writes the condition when it is complete, and not again while it
     * stays so.
     */
    private static Optional<Instant> reportedCompleteAt(Seen seen) {
        if (!seen.kind.equals(WorkloadKind.DEPLOYMENT)) {
            return Optional.empty();
        }
        try {
            return PodFailures.condition(seen.workload, "Progressing")
                    .map(condition -> Json.textAt(condition, "lastUpdateTime"))
                    .map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * What is the same for every policy of one write, and the rollout of each.
     *
     * @param rules the strictest of all its policies
     * @param completeAt since when all pods run the template
     */
    private record Assessment(LastWrite record, Seen seen, RolloutRules rules, Optional<Instant> completeAt) {
        /** Finds the failure of one policy's sidecars, at one revision. */
        private interface Blame {
            Optional<FailureCause> of(List<JsonNode> pods, PolicyKey policy, String revision);
        }

        WorkloadRollout workloadRollout(PolicyKey key, Change change, Optional<Terms> terms) {
            if (!matches(record, seen, key) || RolloutState.of(seen.kind(), seen.workload()) == RolloutState.DEFERRED) {
                return workloadRollout(change, Phase.ABANDONED);
            }
            if (completeAt.isPresent() && isReached(completeAt.get().plus(rules.minReady()))) {
                return workloadRollout(change, Phase.HEALTHY);
            }
            boolean assessed = isAssessed(change, terms);
            Optional<FailureCause> own = assessed ? blame(PodFailures::of, key, change) : Optional.empty();
            if (own.isPresent()) {
                return failed(change, own.get());
            }
            Instant deadline = record.at().plus(rules.progressDeadline());
            if (completeAt.isPresent() || !isReached(deadline)) {
                return workloadRollout(change, Phase.PROGRESSING);
            }
            // A process that began to watch after the deadline does not know what happened until then.
            return assessed && seen.since().isBefore(deadline)
                    ? late(key, change)
                    : workloadRollout(change, Phase.ABANDONED);
        }

        /**
         * Only a write can fail whose workload was complete before, whose revision the policy still wants, and which is
         * neither a rollback nor approved despite failures.
         */
        private boolean isAssessed(Change change, Optional<Terms> terms) {
            return record.completeBefore()
                    && !change.rollback()
                    && change.to().isPresent()
                    && terms.isPresent()
                    && terms.get().revision().equals(change.to())
                    && !terms.get().approved();
        }

        /** A sidecar that waits for another policy's crashing sidecar is not ready either, and is not the cause. */
        private WorkloadRollout late(PolicyKey key, Change change) {
            if (isHeldUp()) {
                return workloadRollout(change, Phase.ABANDONED);
            }
            if (isAnotherToBlame(PodFailures::of, key)) {
                return workloadRollout(change, Phase.ABANDONED);
            }
            Optional<FailureCause> own = blame(PodFailures::notReady, key, change);
            if (own.isPresent()) {
                return failed(change, own.get());
            }
            return isAnotherToBlame(PodFailures::notReady, key)
                    ? workloadRollout(change, Phase.ABANDONED)
                    : failed(change, withoutCulprit(key, change));
        }

        /**
         * Whether the controller still waits for a pod of an earlier write that fails to run: the present write has not
         * even been tried.
         */
        private boolean isHeldUp() {
            return StuckPods.areWaitedFor(seen.kind(), seen.workload())
                    && !StuckPods.overtaken(record, seen.workload(), seen.pods().orElse(List.of()))
                            .isEmpty();
        }

        private FailureCause withoutCulprit(PolicyKey key, Change change) {
            FailureCause cause = PodFailures.tooLate(
                    seen.pods().orElse(List.of()), key, change.to().orElse(""));
            String shown = cause.message().isEmpty() ? replicaFailure() : cause.message();
            String others = record.changes().keySet().stream()
                    .filter(other -> !other.equals(key))
                    .map(PolicyKey::toString)
                    .collect(Collectors.joining(", "));
            String company = others.isEmpty() ? "" : "came with " + others;
            String message =
                    Stream.of(shown, company).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
            return new FailureCause(Optional.empty(), cause.reason(), message, cause.pod());
        }

        /** Why no pod exists at all; a quota can be the cause. A Deployment reports it. */
        private String replicaFailure() {
            return PodFailures.condition(seen.workload(), "ReplicaFailure")
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

        private Optional<FailureCause> blame(Blame blame, PolicyKey key, Change change) {
            return seen.pods().flatMap(pods -> change.to().flatMap(to -> blame.of(pods, key, to)));
        }

        private boolean isReached(Instant moment) {
            return !seen.now().isBefore(moment);
        }

        private WorkloadRollout failed(Change change, FailureCause cause) {
            return new WorkloadRollout(record.at(), change, Phase.FAILED, Optional.of(cause));
        }

        private WorkloadRollout workloadRollout(Change change, Phase phase) {
            return new WorkloadRollout(record.at(), change, phase, Optional.empty());
        }
    }
}

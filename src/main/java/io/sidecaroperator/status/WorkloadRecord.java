package io.sidecaroperator.status;

import io.sidecaroperator.engine.Decision;
import io.sidecaroperator.engine.Injection;
import io.sidecaroperator.engine.Note;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.PolicyOutcome;
import io.sidecaroperator.engine.Reason;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.rollout.Flight;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.workload.Rollout;
import java.time.Instant;
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
 * What the operator last saw and did at one workload: the ledger's page.
 *
 * @param labels the labels of the user's own template, which selectors look at
 * @param policies the policies that concern it; one that neither selects it nor is carried is left out
 * @param flights what the operator's last write has come to, for each policy of it
 * @param ignored what its owner asked for in its override annotation and did not get, a line each
 * @param pods the pods that a new template would replace by itself
 */
public record WorkloadRecord(
        WorkloadRef ref,
        Map<String, String> labels,
        Rollout rollout,
        SortedMap<PolicyKey, PolicyStanding> policies,
        SortedMap<PolicyKey, Flight> flights,
        List<String> ignored,
        int pods) {

    /** What became of the write that the engine's answer asked for. */
    public sealed interface Write {
        /** None was needed, or it is done: the workload is as wanted. */
        record Done() implements Write {}

        /**
         * It is still to be done.
         *
         * @param ofTemplate whether it changes the template: if not, the workload runs as the policies want it
         */
        record Pending(String why, boolean ofTemplate) implements Write {}

        /** It cannot be done as things are. */
        record Rejected(Reason reason, String message) implements Write {}
    }

    public WorkloadRecord {
        labels = Map.copyOf(labels);
        policies = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(policies));
        flights = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(flights));
        ignored = List.copyOf(ignored);
    }

    /** The page for the engine's answer, what became of it, and what the operator's last write has come to. */
    public static WorkloadRecord of(
            Injection injection, Write write, Rollout rollout, SortedMap<PolicyKey, Flight> flights) {
        boolean anyChange = injection.outcomes().stream().anyMatch(WorkloadRecord::changesPolicy);
        SortedMap<PolicyKey, PolicyStanding> policies = new TreeMap<>();
        for (PolicyOutcome outcome : injection.outcomes()) {
            boolean left = injection.facts().orphaned().contains(outcome.policy());
            standing(outcome, left, write, isAbout(outcome, write, anyChange))
                    .map(standing -> standing.waiting(awaitsTurn(outcome)))
                    .ifPresent(standing -> policies.put(outcome.policy(), standing));
        }
        flights.forEach((key, flight) -> flight.fault()
                .ifPresent(fault -> policies.computeIfPresent(
                        key, (same, standing) -> standing.because(Reason.RevisionFailed, fault.toString()))));
        Map<String, String> labels = Json.strings(injection.stripped().path("metadata"), "labels");
        return new WorkloadRecord(injection.facts().ref(), labels, rollout, policies, flights, ignored(injection), 0);
    }

    /** A workload that no policy may touch: its owner has it, or its template cannot be read. */
    public static WorkloadRecord untouched(WorkloadRef ref) {
        return new WorkloadRecord(ref, Map.of(), Rollout.DEFERRED, new TreeMap<>(), new TreeMap<>(), List.of(), 0);
    }

    /**
     * A workload at which the last look came to grief: what it carries stays, and nobody knows whether it is as wanted.
     *
     * @param before what was noted before, if anything
     * @param carried the revisions that its receipt names, by policy
     * @param why what went wrong
     */
    public static WorkloadRecord unseen(
            WorkloadRef ref, @Nullable WorkloadRecord before, Map<PolicyKey, String> carried, String why) {
        SortedMap<PolicyKey, PolicyStanding> policies = new TreeMap<>(before == null ? Map.of() : before.policies);
        policies.replaceAll((key, was) -> was.standing() == Standing.INJECTED || was.standing() == Standing.OUTDATED
                ? PolicyStanding.now(Standing.OUTDATED, Optional.empty(), why, was.carried())
                : was);
        carried.forEach((key, revision) -> policies.putIfAbsent(
                key, PolicyStanding.now(Standing.OUTDATED, Optional.empty(), why, Optional.of(revision))));
        return before == null
                ? new WorkloadRecord(ref, Map.of(), Rollout.DEFERRED, policies, new TreeMap<>(), List.of(), 0)
                : new WorkloadRecord(
                        ref, before.labels, before.rollout, policies, before.flights, before.ignored, before.pods);
    }

    /** The same page with times: what was so before keeps its time, anything else became so at {@code now}. */
    public WorkloadRecord dated(@Nullable WorkloadRecord before, Instant now) {
        SortedMap<PolicyKey, PolicyStanding> dated = new TreeMap<>();
        policies.forEach((key, standing) -> {
            PolicyStanding was = before == null ? null : before.policies.get(key);
            dated.put(key, standing.since(was != null && was.sameAs(standing) ? was.since() : now));
        });
        return new WorkloadRecord(ref, labels, rollout, dated, flights, ignored, pods);
    }

    /** The same page of a workload whose rollback waits for a pod that the operator may not delete. */
    public WorkloadRecord waitingForPod(String pod, Set<PolicyKey> keys) {
        SortedMap<PolicyKey, PolicyStanding> waiting = new TreeMap<>(policies);
        String message = "delete pod " + pod + ": " + Reason.DeletePodByHand.meaning();
        keys.forEach(key ->
                waiting.computeIfPresent(key, (same, standing) -> standing.because(Reason.DeletePodByHand, message)));
        return new WorkloadRecord(ref, labels, rollout, waiting, flights, ignored, pods);
    }

    /** The same page of a workload that has so many pods to replace. */
    public WorkloadRecord withPods(int count) {
        return new WorkloadRecord(ref, labels, rollout, policies, flights, ignored, count);
    }

    private static List<String> ignored(Injection injection) {
        return Stream.concat(
                        injection.notes().stream(),
                        injection.outcomes().stream().flatMap(o -> o.notes().stream()))
                .filter(note -> note.reason() == Reason.OverrideIgnored)
                .map(Note::message)
                .toList();
    }

    /** Whether the workload has parts of the policy that it answers for. */
    public boolean carries(PolicyKey key) {
        PolicyStanding standing = policies.get(key);
        return standing != null && standing.kept();
    }

    /** What the operator's last write to it has come to for a policy, if it was one of that policy's. */
    public Optional<Flight> flight(PolicyKey key) {
        return Optional.ofNullable(flights.get(key));
    }

    /** Whether the last write for this policy is still to show that it went well. */
    public boolean isInFlight(PolicyKey key) {
        return flight(key).filter(Flight::isUp).isPresent();
    }

    /** Whether all that is left of the policy is the record of a write that has come to its end. */
    public boolean isDoneWith(PolicyKey key) {
        return !policies.containsKey(key) && !isInFlight(key);
    }

    /** The policies that have anything to do with it. */
    public Set<PolicyKey> concerned() {
        Set<PolicyKey> keys = new TreeSet<>(policies.keySet());
        keys.addAll(flights.keySet());
        return keys;
    }

    private static boolean awaitsTurn(PolicyOutcome outcome) {
        return outcome.hold().filter(hold -> hold.reason() == Reason.AwaitsTurn).isPresent();
    }

    /** The revision of the policy that the workload's receipt names; empty when it names none. */
    public Optional<String> revision(PolicyKey key) {
        PolicyStanding standing = policies.get(key);
        return standing == null ? Optional.empty() : standing.carried();
    }

    /** Whether what became of the write is news about this policy. One that changes no policy's revision repairs all. */
    private static boolean isAbout(PolicyOutcome outcome, Write write, boolean anyChange) {
        boolean besides = write instanceof Write.Pending pending && !pending.ofTemplate();
        return !besides && (!anyChange || changesPolicy(outcome));
    }

    /** Whether the write adds, changes or removes the policy's parts as a whole, so that a refusal is about it. */
    private static boolean changesPolicy(PolicyOutcome outcome) {
        return !outcome.carriedRevision().equals(outcome.givenRevision());
    }

    private static Optional<PolicyStanding> standing(
            PolicyOutcome outcome, boolean left, Write write, boolean concerned) {
        boolean done = write instanceof Write.Done;
        Optional<String> carried = done ? outcome.givenRevision() : outcome.carriedRevision();
        Optional<Reason> rejection = write instanceof Write.Rejected rejected && concerned
                ? Optional.of(rejected.reason())
                : Optional.empty();
        String why = concerned ? messageOf(write) : "";
        if (outcome.decision() instanceof Decision.Inject) {
            boolean pending = write instanceof Write.Pending && concerned;
            return Optional.of(ofInjection(outcome, pending, rejection, why, carried));
        }
        if (outcome.decision() instanceof Decision.Refuse refuse) {
            return Optional.of(
                    PolicyStanding.now(Standing.REFUSED, Optional.of(refuse.reason()), refuse.message(), carried));
        }
        Decision.Skip skip = (Decision.Skip) outcome.decision();
        if (skip.reason().keepsParts()
                && outcome.plan().isPresent()
                && outcome.hold().isEmpty()) {
            PolicyStanding stays =
                    PolicyStanding.now(Standing.ORPHANED, Optional.of(skip.reason()), skip.message(), carried);
            boolean marked = skip.reason() == Reason.LeftToUser && (left || done);
            return Optional.of(marked ? stays.leftToUser() : stays);
        }
        if (outcome.matched()) {
            return Optional.of(
                    PolicyStanding.now(Standing.SKIPPED, Optional.of(skip.reason()), skip.message(), carried));
        }
        return carried.isPresent()
                ? Optional.of(PolicyStanding.now(Standing.LEAVING, rejection, why, carried))
                : Optional.empty();
    }

    private static PolicyStanding ofInjection(
            PolicyOutcome outcome, boolean pending, Optional<Reason> rejection, String why, Optional<String> carried) {
        if (rejection.isPresent()) {
            return PolicyStanding.now(Standing.REFUSED, rejection, why, carried);
        }
        if (pending) {
            return PolicyStanding.now(Standing.OUTDATED, Optional.empty(), why, carried);
        }
        return outcome.hold()
                .map(hold -> PolicyStanding.now(Standing.OUTDATED, Optional.of(hold.reason()), hold.message(), carried))
                .orElseGet(() -> PolicyStanding.now(Standing.INJECTED, Optional.empty(), why, carried));
    }

    private static String messageOf(Write write) {
        if (write instanceof Write.Pending pending) {
            return pending.why();
        }
        return write instanceof Write.Rejected rejected ? rejected.message() : "";
    }
}

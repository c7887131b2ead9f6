package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.RolloutHealth.Terms;
import io.sidecaroperator.core.rollout.RolloutPlanner.Candidate;
import io.sidecaroperator.core.rollout.WorkloadRollout.Phase;
import io.sidecaroperator.core.workload.RolloutState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Workloads of one policy, and an operator that asks the rollout planner. The operator sees its own writes with a
 * delay, so it keeps a permission until it sees the write. Each answer of the planner is checked against the true
 * state.
 */
final class SimulatedCluster {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String REMOVAL = "";

    private final Random random;
    private final List<Workload> workloads = new ArrayList<>();
    private final Set<WorkloadRef> permitted = new HashSet<>();
    private final RolloutRules rules;
    private boolean approved;
    private String wanted = "r0";
    private Set<String> bad = Set.of();
    private int writes;

    /** The true or the seen state of a workload that may change. */
    private record State(String retained, boolean replacing, Optional<WorkloadRollout> workloadRollout) {
        boolean isUp() {
            return workloadRollout.filter(WorkloadRollout::isUp).isPresent();
        }

        State phase(Phase phase) {
            return new State(
                    retained,
                    replacing,
                    workloadRollout.map(one -> new WorkloadRollout(one.at(), one.change(), phase, Optional.empty())));
        }
    }

    private static final class Workload {
        final WorkloadRef ref;
        final boolean first;
        boolean deferred;
        State is;
        State seen;
        final Set<String> had = new HashSet<>();

        Workload(WorkloadRef ref, boolean first, boolean deferred, State is) {
            this.ref = ref;
            this.first = first;
            this.deferred = deferred;
            this.is = is;
            this.seen = is;
        }
    }

    SimulatedCluster(Random random, int deferredPercent, int firstPercent) {
        this.random = random;
        String limit = random.nextBoolean() ? (1 + random.nextInt(6)) + "" : (1 + random.nextInt(60)) + "%";
        this.rules = RolloutRules.of(Json.parse("{\"rollout\":{\"maxConcurrent\":\"" + limit + "\"}}"));
        int count = 1 + random.nextInt(25);
        for (int number = 0; number < count; number++) {
            WorkloadRef ref = new WorkloadRef("apps", "Deployment", "shop", "w" + number);
            State state = new State(wanted, chance(20), Optional.empty());
            workloads.add(new Workload(ref, chance(firstPercent), chance(deferredPercent), state));
        }
    }

    /** Changes the policy: to another revision, which may be a bad one, or to removal. */
    void want(String revision, boolean isBad) {
        wanted = revision;
        bad = isBad ? Set.of(revision) : Set.of();
    }

    void wantRemoval() {
        want(REMOVAL, false);
    }

    void approve() {
        approved = true;
    }

    /** Makes one step of a rollout: the planner is asked, or a change is written, seen, or complete. */
    void step() {
        switch (random.nextInt(4)) {
            case 0 -> askThePlanner();
            case 1 -> write(one(workload -> permitted.contains(workload.ref)));
            case 2 -> see(one(workload -> !workload.is.equals(workload.seen)));
            default -> complete(one(workload -> workload.is.replacing));
        }
        checkSlots();
    }

    /** Makes one change that does not belong to the rollout. */
    void disturb() {
        Workload workload = workloads.get(random.nextInt(workloads.size()));
        switch (random.nextInt(3)) {
            case 0 -> {
                permitted.clear();
                workloads.forEach(this::see); // A new leader has seen everything before it asks the planner.
            }
            case 1 -> changedByItsOwner(workload);
            default -> {
                if (!permitted.contains(workload.ref)) {
                    workload.deferred = !workload.deferred;
                    changedByItsOwner(workload);
                }
            }
        }
        checkSlots();
    }

    boolean isDone() {
        return permitted.isEmpty()
                && workloads.stream()
                        .allMatch(workload ->
                                workload.seen.retained.equals(wanted) && !workload.is.isUp() && !workload.seen.isUp());
    }

    boolean isFailureKnown() {
        return !approved && workloads.stream().anyMatch(this::hasFailedAtTheWanted);
    }

    long permittedBefore(String revision) {
        return workloads.stream()
                .filter(workload -> workload.had.contains(revision))
                .count();
    }

    private boolean hasFailedAtTheWanted(Workload workload) {
        return workload.seen.retained.equals(wanted)
                && workload.seen
                        .workloadRollout
                        .filter(workloadRollout -> workloadRollout.phase() == Phase.FAILED)
                        .isPresent();
    }

    private void askThePlanner() {
        if (isFailureKnown()) {
            return; // While the rollout is closed, the planner is not asked.
        }
        Terms terms = new Terms(Optional.of(wanted).filter(to -> !to.equals(REMOVAL)), rules, approved);
        List<Candidate> candidates = workloads.stream().map(this::candidate).toList();
        List<WorkloadRef> next = RolloutPlanner.next(terms, candidates, Set.copyOf(permitted));
        check(next);
        permitted.addAll(next);
    }

    private Candidate candidate(Workload workload) {
        State seen = workload.seen;
        boolean injected = !wanted.equals(REMOVAL) && seen.retained.equals(wanted);
        return Candidate.of(
                        workload.ref,
                        waits(workload)
                                ? WorkloadState.QUEUED
                                : injected ? WorkloadState.INJECTED : WorkloadState.UNCONCERNED,
                        workload.deferred
                                ? RolloutState.DEFERRED
                                : seen.replacing ? RolloutState.PROGRESSING : RolloutState.COMPLETE)
                .first(workload.first)
                .workloadRollout(seen.workloadRollout);
    }

    private boolean waits(Workload workload) {
        return !workload.seen.retained.equals(wanted);
    }

    private void check(List<WorkloadRef> next) {
        List<Workload> chosen =
                workloads.stream().filter(one -> next.contains(one.ref)).toList();
        assertThat(next).doesNotHaveDuplicates().noneMatch(permitted::contains);
        assertThat(chosen).as("a workload that does not wait is not chosen").allMatch(this::waits);

        List<Workload> now = chosen.stream().filter(one -> !one.deferred).toList();
        List<Workload> more = now.stream().filter(one -> !one.seen.isUp()).toList();
        if (!now.isEmpty()) {
            assertThat(count(this::isUpAtTheWanted) + now.size()).as("the ramp").isLessThanOrEqualTo(ramp());
        }
        if (!more.isEmpty()) {
            assertThat(count(this::isTaken) + more.size()).as("the limit").isLessThanOrEqualTo(limit());
        }
        if (more.stream().anyMatch(one -> !one.first)) {
            assertThat(workloads).as("first ones come first").noneMatch(one -> one.first && isBusy(one));
        }
        if (chosen.size() > now.size()) {
            assertThat(workloads).as("deferred ones come last").noneMatch(this::isBusy);
        }
        if (workloads.stream().noneMatch(one -> isTaken(one) || one.seen.isUp() && !one.deferred)) {
            boolean nobodyElse = workloads.stream().noneMatch(this::isBusy);
            assertThat(next.isEmpty())
                    .as("no workload is chosen exactly when none waits that could be")
                    .isEqualTo(workloads.stream()
                            .noneMatch(one ->
                                    waits(one) && !permitted.contains(one.ref) && (nobodyElse || !one.deferred)));
        }
    }

    private void checkSlots() {
        assertThat(count(this::isTaken))
                .as("rolling out")
                .isLessThanOrEqualTo(rules.maxConcurrent().among(workloads.size()));
    }

    private int limit() {
        return rules.maxConcurrent()
                .among(count(one -> waits(one) || !wanted.equals(REMOVAL) || isTaken(one) || one.seen.isUp()));
    }

    private int ramp() {
        int healthy = count(wanted.equals(REMOVAL) ? SimulatedCluster::isRemoved : this::runsTheWanted);
        return approved ? limit() : Math.min(limit(), healthy + 1);
    }

    private boolean runsTheWanted(Workload workload) {
        State is = workload.is;
        return is.retained.equals(wanted) && !is.replacing && !is.isUp() && !workload.deferred;
    }

    private static boolean isRemoved(Workload workload) {
        return workload.is.retained.equals(REMOVAL)
                && workload.is
                        .workloadRollout
                        .filter(workloadRollout -> workloadRollout.phase() == Phase.HEALTHY)
                        .isPresent();
    }

    private boolean isTaken(Workload workload) {
        return !workload.deferred && (workload.is.isUp() || permitted.contains(workload.ref));
    }

    private boolean isUpAtTheWanted(Workload workload) {
        return isTaken(workload) && (permitted.contains(workload.ref) || workload.is.retained.equals(wanted));
    }

    private boolean isBusy(Workload workload) {
        return isTaken(workload) || waits(workload) && !workload.deferred;
    }

    private int count(Predicate<Workload> what) {
        return (int) workloads.stream().filter(what).count();
    }

    private void write(Optional<Workload> chosen) {
        Optional<Workload> upToDate = chosen.filter(workload -> workload.is.equals(workload.seen));
        upToDate.filter(workload -> !waits(workload)).ifPresent(workload -> permitted.remove(workload.ref));
        upToDate.filter(this::waits).ifPresent(workload -> {
            Change change = new Change(
                    Optional.of(workload.is.retained).filter(from -> !from.equals(REMOVAL)),
                    Optional.of(wanted).filter(to -> !to.equals(REMOVAL)),
                    false);
            Phase phase = workload.deferred ? Phase.ABANDONED : Phase.PROGRESSING;
            WorkloadRollout workloadRollout =
                    new WorkloadRollout(START.plusSeconds(++writes), change, phase, Optional.empty());
            workload.is = new State(wanted, !workload.deferred, Optional.of(workloadRollout));
            if (!workload.deferred) {
                workload.had.add(wanted);
            }
        });
    }

    private void see(Optional<Workload> chosen) {
        chosen.ifPresent(this::see);
    }

    private void see(Workload workload) {
        boolean written = !workload.seen
                .workloadRollout
                .map(WorkloadRollout::at)
                .equals(workload.is.workloadRollout.map(WorkloadRollout::at));
        workload.seen = workload.is;
        if (written || !waits(workload)) {
            permitted.remove(workload.ref);
        }
    }

    private void complete(Optional<Workload> chosen) {
        chosen.ifPresent(workload -> {
            State is = workload.is;
            if (bad.contains(is.retained) && is.isUp()) {
                workload.is = is.phase(Phase.FAILED);
            } else {
                State runs = new State(is.retained, false, is.workloadRollout);
                workload.is = is.isUp() ? runs.phase(Phase.HEALTHY) : runs;
            }
        });
    }

    /** Its pods are replaced for another reason, so that the result of our write stays unknown. */
    private void changedByItsOwner(Workload workload) {
        State is = workload.is.isUp() ? workload.is.phase(Phase.ABANDONED) : workload.is;
        workload.is = new State(is.retained, !workload.deferred, is.workloadRollout);
        see(workload);
    }

    private Optional<Workload> one(Predicate<Workload> of) {
        List<Workload> found = workloads.stream().filter(of).toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(random.nextInt(found.size())));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}

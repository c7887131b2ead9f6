package io.sidecaroperator.core.rollout;

import io.sidecaroperator.core.workload.RolloutState;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a workload under one policy. Status, the rollout planner and the watch over a write all use it;
 * {@code docs/workload-states.md} shows it as a picture.
 */
public enum WorkloadState {
    UNCONCERNED("The policy neither selects the workload nor has parts in it."),
    SKIPPED("The policy selects the workload, which is left alone on purpose."),
    REFUSED("The workload cannot take the sidecars, or the API server refuses them."),
    PENDING("The workload is to get a revision, and its policy or its owner has it wait."),
    QUEUED("The workload is to get a revision, and waits for its permit."),
    REMOVAL_QUEUED("The workload is to lose the policy's parts, and waits for its permit."),
    PERMITTED("The workload has its permit: the next reconciliation writes it."),
    BLOCKED("The workload is to change, and can get no permit or write just now."),
    PROGRESSING("The workload was written, and its pods are being replaced."),
    FAILED("The workload was written, and its pods do not come to run."),
    HEALTHY("The workload has what the policy wants, and all its pods run it."),
    INJECTED("The workload has what the policy wants. Its owner decides when its pods follow, so it proves nothing."),
    REMOVING("The policy's parts are gone from the template, and the pods are being replaced."),
    REMOVED("The policy's parts are gone, and all pods run without them."),
    TERMINATING("The workload is to lose the policy's parts, and the write that takes them is not done."),
    ORPHANED("Parts of the policy stay in the workload, and the operator does not manage them.");

    private static final Set<WorkloadState> WITH_THE_WANTED = EnumSet.of(PROGRESSING, FAILED, HEALTHY, INJECTED);
    private static final Set<WorkloadState> TO_CHANGE = EnumSet.of(PENDING, QUEUED, REMOVAL_QUEUED, PERMITTED, BLOCKED);

    private final String meaning;

    WorkloadState(String meaning) {
        this.meaning = meaning;
    }

    /** One sentence for a person. */
    public String meaning() {
        return meaning;
    }

    /** Whether the workload has what the policy wants now. */
    public boolean isInjected() {
        return WITH_THE_WANTED.contains(this);
    }

    /** Whether the rollout planner has to know the workload: it has what the policy wants, or should change. */
    public boolean isCandidate() {
        return isInjected() || TO_CHANGE.contains(this);
    }

    /** Whether the workload is queued, and could be permitted. */
    public boolean isQueued() {
        return Move.PERMIT.leadsFrom(this);
    }

    /** Whether the workload will change as soon as it may. */
    public boolean isDue() {
        return isQueued() || this == PERMITTED || this == BLOCKED;
    }

    /** Whether the write can still become healthy. */
    public boolean isUnderWay() {
        return Move.COMPLETE.leadsFrom(this);
    }

    /**
     * What is known of a workload under one policy.
     *
     * @param syncState what the last reconciliation decided; empty when the policy neither selects the workload nor has
     *     parts in it
     * @param explained whether the sync state has a reason
     * @param waits whether the change waits for its permission
     * @param ofLastWrite the state by the operator's last write alone, if that was one for the policy
     * @param rollout how far the pods follow the template
     */
    public record Known(
            Optional<SyncState> syncState,
            boolean explained,
            boolean waits,
            Optional<WorkloadState> ofLastWrite,
            RolloutState rollout) {
        private boolean isUnderWay() {
            return ofLastWrite.filter(WorkloadState::isUnderWay).isPresent();
        }

        private boolean isWritten(WorkloadState state) {
            return ofLastWrite.equals(Optional.of(state));
        }
    }

    /**
     * Returns the state that follows from what is known. It is never PERMITTED, because an observation does not show
     * that.
     */
    public static WorkloadState of(Known known) {
        if (known.syncState.isEmpty()) {
            return ofUnconcerned(known);
        }
        if (known.waits) {
            return known.syncState.get() == SyncState.OUTDATED ? QUEUED : REMOVAL_QUEUED;
        }
        return switch (known.syncState.get()) {
            case INJECTED -> ofInjected(known);
            case OUTDATED -> known.explained ? PENDING : BLOCKED;
            case REFUSED -> REFUSED;
            case SKIPPED -> SKIPPED;
            case LEAVING -> TERMINATING;
            case ORPHANED -> ORPHANED;
        };
    }

    private static WorkloadState ofUnconcerned(Known known) {
        if (known.isUnderWay()) {
            return REMOVING;
        }
        return known.isWritten(REMOVED) ? REMOVED : UNCONCERNED;
    }

    private static WorkloadState ofInjected(Known known) {
        if (known.isUnderWay()) {
            return known.isWritten(FAILED) ? FAILED : PROGRESSING;
        }
        return known.rollout == RolloutState.COMPLETE ? HEALTHY : INJECTED;
    }

    /** The component or person that makes a move. */
    public enum By {
        ENGINE("the engine"),
        PLANNER("the rollout planner"),
        WRITE("the reconciler's write"),
        WATCH("the watch over the write"),
        OWNER("the workload's owner");

        private final String word;

        By(String word) {
            this.word = word;
        }

        /** The name for a person. */
        public String word() {
            return word;
        }
    }

    /**
     * A move from state to state. When the engine evaluates a workload anew, it can come to any state from any other.
     */
    public enum Move {
        EVALUATE(
                By.ENGINE,
                "the policy, the workload or its namespace has changed",
                to(UNCONCERNED),
                to(SKIPPED),
                to(REFUSED),
                to(PENDING),
                to(QUEUED),
                to(REMOVAL_QUEUED),
                to(BLOCKED),
                to(INJECTED),
                to(ORPHANED)),
        PERMIT(By.PLANNER, "the workload is next", step(QUEUED, PERMITTED), step(REMOVAL_QUEUED, PERMITTED)),
        CLOSE(By.PLANNER, "the revision has failed at another workload", step(QUEUED, BLOCKED)),
        WAIT(
                By.PLANNER,
                "the last write did not succeed, and others go first",
                step(QUEUED, BLOCKED),
                step(REMOVAL_QUEUED, BLOCKED)),
        RETRY(
                By.PLANNER,
                "it may get a permit again",
                step(BLOCKED, QUEUED),
                step(BLOCKED, REMOVAL_QUEUED),
                step(TERMINATING, REMOVAL_QUEUED)),
        WRITE(
                By.WRITE,
                "the API server has taken the change",
                step(PERMITTED, PROGRESSING),
                step(PERMITTED, INJECTED),
                step(PERMITTED, REMOVING),
                step(PERMITTED, UNCONCERNED),
                step(PERMITTED, SKIPPED)),
        REFUSE(
                By.WRITE,
                "the API server refuses the change, or another client keeps taking it back",
                step(PERMITTED, REFUSED),
                step(PERMITTED, TERMINATING)),
        BACK_OFF(
                By.WRITE,
                "the API server does not answer, or the workload has changed at the same time",
                step(PERMITTED, BLOCKED),
                step(PERMITTED, TERMINATING)),
        ROLL_BACK(
                By.WRITE,
                "the revision has failed, and the proven one takes its place",
                step(FAILED, PENDING),
                step(PROGRESSING, PENDING)),
        COMPLETE(
                By.WATCH,
                "all pods have run it for long enough",
                step(PROGRESSING, HEALTHY),
                step(FAILED, HEALTHY),
                step(REMOVING, REMOVED)),
        FAIL(By.WATCH, "a sidecar does not come to run, or the deadline has passed", step(PROGRESSING, FAILED)),
        ABANDON(
                By.WATCH,
                "another change has come, or the write could not be assessed",
                step(PROGRESSING, INJECTED),
                step(FAILED, INJECTED),
                step(REMOVING, UNCONCERNED)),
        ROLL_OUT(By.OWNER, "the owner rolls the workload out", step(HEALTHY, INJECTED)),
        FINISH(By.OWNER, "the owner's rollout is complete", step(INJECTED, HEALTHY));

        private final By by;
        private final String meaning;
        private final List<Step> steps;

        Move(By by, String meaning, Step... steps) {
            this.by = by;
            this.meaning = meaning;
            this.steps = List.of(steps);
        }

        /** One arrow of the picture; {@code from} is empty where it can begin anywhere. */
        public record Step(Optional<WorkloadState> from, WorkloadState to) {}

        private static Step step(WorkloadState from, WorkloadState to) {
            return new Step(Optional.of(from), to);
        }

        private static Step to(WorkloadState to) {
            return new Step(Optional.empty(), to);
        }

        /** The component or person that makes it. */
        public By by() {
            return by;
        }

        /** Why it is made, in half a sentence. */
        public String meaning() {
            return meaning;
        }

        /** Its arrows in the picture. */
        public List<Step> steps() {
            return steps;
        }

        /** Whether the move can be made in this state. */
        public boolean leadsFrom(WorkloadState state) {
            return steps.stream().anyMatch(step -> step.from.equals(Optional.of(state)));
        }

        /**
         * Returns the state after the move, the first where it leads to several. Where the move is impossible, the same
         * state.
         */
        public WorkloadState after(WorkloadState state) {
            return steps.stream()
                    .filter(step -> step.from.equals(Optional.of(state)))
                    .map(Step::to)
                    .findFirst()
                    .orElse(state);
        }

        /** Whether a move by this actor leads from one state to the other. */
        static boolean isPossible(By by, WorkloadState from, WorkloadState to) {
            Step wanted = step(from, to);
            return Arrays.stream(values()).anyMatch(move -> move.by == by && move.steps.contains(wanted));
        }
    }
}

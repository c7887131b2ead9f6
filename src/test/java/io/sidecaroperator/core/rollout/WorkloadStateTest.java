package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.rollout.WorkloadState.By;
import io.sidecaroperator.core.rollout.WorkloadState.Known;
import io.sidecaroperator.core.rollout.WorkloadState.Move;
import io.sidecaroperator.core.workload.RolloutState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadStateTest {
    @ParameterizedTest(name = "{0} {1} {2} {3} {4}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-        | -      | -     | -           | COMPLETE    | UNCONCERNED",
                "-        | -      | -     | INJECTED    | COMPLETE    | UNCONCERNED",
                "-        | -      | -     | HEALTHY     | COMPLETE    | UNCONCERNED",
                "-        | -      | -     | REMOVING    | PROGRESSING | REMOVING",
                "-        | -      | -     | REMOVED     | COMPLETE    | REMOVED",
                "INJECTED | -      | -     | -           | COMPLETE    | HEALTHY",
                "INJECTED | -      | -     | HEALTHY     | COMPLETE    | HEALTHY",
                "INJECTED | -      | -     | HEALTHY     | PROGRESSING | INJECTED",
                "INJECTED | -      | -     | -           | PROGRESSING | INJECTED",
                "INJECTED | -      | -     | INJECTED    | DEFERRED    | INJECTED",
                "INJECTED | -      | -     | PROGRESSING | PROGRESSING | PROGRESSING",
                "INJECTED | -      | -     | PROGRESSING | COMPLETE    | PROGRESSING",
                "INJECTED | reason | -     | FAILED      | PROGRESSING | FAILED",
                "OUTDATED | -      | -     | -           | COMPLETE    | BLOCKED",
                "OUTDATED | reason | -     | -           | COMPLETE    | PENDING",
                "OUTDATED | reason | -     | FAILED      | PROGRESSING | PENDING",
                "OUTDATED | reason | waits | -           | COMPLETE    | QUEUED",
                "OUTDATED | reason | waits | PROGRESSING | PROGRESSING | QUEUED",
                "OUTDATED | -      | waits | -           | COMPLETE    | QUEUED",
                "SKIPPED  | reason | -     | -           | COMPLETE    | SKIPPED",
                "SKIPPED  | reason | waits | -           | COMPLETE    | REMOVAL_QUEUED",
                "REFUSED  | reason | -     | -           | COMPLETE    | REFUSED",
                "REFUSED  | reason | waits | -           | COMPLETE    | REMOVAL_QUEUED",
                "LEAVING  | -      | waits | -           | COMPLETE    | REMOVAL_QUEUED",
                "LEAVING  | -      | -     | -           | COMPLETE    | TERMINATING",
                "LEAVING  | reason | -     | -           | COMPLETE    | TERMINATING",
                "ORPHANED | reason | -     | -           | COMPLETE    | ORPHANED",
            })
    void theStateFollowsFromTheObservation(
            SyncState syncState,
            String reason,
            String waits,
            WorkloadState ofLastWrite,
            RolloutState rollout,
            WorkloadState state) {
        Known known = new Known(
                Optional.ofNullable(syncState),
                reason != null,
                waits != null,
                Optional.ofNullable(ofLastWrite),
                rollout);

        assertThat(WorkloadState.of(known)).isEqualTo(state);
    }

    @Test
    void everyStateCanBeComeTo() {
        Set<WorkloadState> reached = EnumSet.noneOf(WorkloadState.class);
        Deque<WorkloadState> next = new ArrayDeque<>();
        Move.EVALUATE.steps().forEach(step -> next.add(step.to()));
        while (!next.isEmpty()) {
            WorkloadState state = next.remove();
            if (reached.add(state)) {
                for (Move move : Move.values()) {
                    move.steps().stream()
                            .filter(step -> step.from().equals(Optional.of(state)))
                            .forEach(step -> next.add(step.to()));
                }
            }
        }
        assertThat(reached).containsExactlyInAnyOrder(WorkloadState.values());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EVALUATE")
    void aMoveBeginsSomewhereAndChangesTheState(Move move) {
        assertThat(move.steps()).doesNotHaveDuplicates().isNotEmpty();
        assertThat(move.steps()).allMatch(step -> step.from().isPresent());
        assertThat(move.steps()).noneMatch(step -> step.from().equals(Optional.of(step.to())));
    }

    @ParameterizedTest
    @CsvSource({
        "PROGRESSING, HEALTHY, true",
        "PROGRESSING, FAILED, true",
        "PROGRESSING, INJECTED, true",
        "FAILED, HEALTHY, true",
        "FAILED, INJECTED, true",
        "FAILED, PROGRESSING, false",
        "HEALTHY, FAILED, false",
        "HEALTHY, INJECTED, false",
        "INJECTED, PROGRESSING, false",
        "INJECTED, HEALTHY, false",
        "REMOVING, REMOVED, true",
        "REMOVING, UNCONCERNED, true",
        "REMOVED, REMOVING, false"
    })
    void whatAWriteHasComeToIsBelievedWhenTheWatchCanMoveSo(WorkloadState from, WorkloadState to, boolean possible) {
        assertThat(Move.isPossible(By.WATCH, from, to)).isEqualTo(possible);
    }

    @Test
    void aMoveThatCannotBeMadeChangesNothing() {
        assertThat(Move.CLOSE.after(WorkloadState.QUEUED)).isEqualTo(WorkloadState.BLOCKED);
        assertThat(Move.CLOSE.after(WorkloadState.REMOVAL_QUEUED)).isEqualTo(WorkloadState.REMOVAL_QUEUED);
        assertThat(Move.WAIT.after(WorkloadState.REMOVAL_QUEUED)).isEqualTo(WorkloadState.BLOCKED);
        assertThat(Move.WAIT.after(WorkloadState.HEALTHY)).isEqualTo(WorkloadState.HEALTHY);
    }
}

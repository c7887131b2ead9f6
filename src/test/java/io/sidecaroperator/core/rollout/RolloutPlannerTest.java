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
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A candidate is a name and a letter: {@code W} waits and is complete, {@code w} waits and is not, {@code D} waits and
 * is deferred; {@code H} has what is wanted and is complete, {@code P} has it, is not complete and has no rollout of
 * the operator, {@code d} has it and is deferred; {@code F} is rolling out the wanted revision, {@code C} too and is
 * complete, {@code X} has failed at it, {@code O} is rolling out an older one and waits; {@code S} is pending;
 * {@code R} has lost the policy's parts and runs, {@code N} neither has them nor waits. After the letter, {@code !} is
 * for first ones and {@code +} for permitted ones.
 */
class RolloutPlannerTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody waits                                      | 3    | a:H b:F c:N d:d        |",
                "it starts with one                                | 3    | a:W b:W c:W            | a",
                "the first is under way                            | 3    | a:F b:W c:W            |",
                "the first was told, and has not changed yet       | 3    | a:W+ b:W c:W           |",
                "it widens with each healthy one                   | 9    | a:H b:W c:W d:W        | b c",
                "and again                                         | 9    | a:H b:H c:W d:W e:W    | c d e",
                "those under way are part of it                    | 9    | a:H b:H c:F d:W e:W f:W | d e",
                "never wider than the limit                        | 2    | a:H b:H c:H d:W e:W f:W | d e",
                "those under way count against the limit           | 2    | a:H b:H c:F d:W e:W    | d",
                "one told and one under way fill it                | 2    | a:H b:H c:F d:W+ e:W   |",
                "a failed one keeps its slot                       | 2    | a:H b:H c:X d:W e:W    | d",
                "one that has to stay complete is not healthy yet  | 9    | a:C b:W c:W            |",
                "an unready one that nobody wrote is not healthy   | 9    | a:P b:W c:W            | b",
                "a deferred one is not healthy                     | 9    | a:d b:W c:W            | b",
                "one that neither has nor waits is not healthy     | 9    | a:N b:W c:W            | b",
                "a finished removal is as good as a healthy one    | 9    | a:R b:W c:W d:W        | b c",
                "a removed one may have changed since it was told  | 9    | a:R+ b:W c:W           |",
                "and so may one that has what is wanted            | 9    | a:H+ b:H c:W           | c",
                "a percentage is of those concerned, rounded up    | 34%  | a:H b:H c:H d:W e:W f:W | d e f",
                "a percentage of six                               | 33%  | a:H b:H c:H d:W e:W f:W | d e",
                "who neither has nor waits is not concerned        | 34%  | a:H b:H c:N d:N e:W f:W | e f",
                "one may always change                             | 1%   | a:W b:W                | a",
                "those complete now before those that are not      | 9    | a:H b:H c:w d:W e:w f:W | d f c",
                "first ones before those complete now              | 9    | a:H b:H c:W d:w! e:W   | d",
                "nobody while a first one waits                    | 1    | a:F! b:W! c:W          |",
                "nobody while a first one was told                 | 9    | a:H b:H c:W+! d:W      |",
                "nobody while a first one is under way             | 9    | a:H b:H c:F! d:W       |",
                "nobody while a first one could not be written    | 9    | a:H b:H c:S! d:W       |",
                "others need not wait for one that could not be    | 9    | a:H b:H c:S d:W        | d",
                "nobody while a first one has failed               | 9    | a:H b:H c:X! d:W       |",
                "first ones among themselves                       | 9    | a:H b:H c:W d:W! e:W!  | d e",
                "all once the first ones are healthy               | 9    | a:H! b:H! c:W d:W      | c d",
                "a first one that is deferred holds nobody up      | 9    | a:D! b:W               | b",
                "a slot at an older revision is taken over         | 1    | a:W b:O                | b",
                "though every slot is taken                        | 2    | a:H b:H c:H d:O e:O f:W | d e",
                "and not beyond the ramp                           | 3    | a:O b:O c:O            | a",
                "the other slots at an older revision stay taken   | 3    | a:F b:O c:O d:W        |",
                "beside those taken over there is room             | 4    | a:H b:H c:H d:O e:W f:W | d e f",
                "not beyond the limit beside those taken over      | 2    | a:H b:H c:H d:O e:W f:W | d e",
                "one told to go on from an older one counts once   | 2    | a:H b:H c:O+ d:W e:W   | d",
                "a take-over comes before a first one              | 9    | a:H b:H c:W! d:O       | d c",
                "a take-over is not held up by a first one         | 1    | a:W! b:O               | b",
                "deferred ones last                                | 9    | a:H b:H c:D d:W        | d",
                "deferred ones not while one is under way          | 9    | a:H b:F c:D            |",
                "deferred ones not while one was told              | 9    | a:H b:W+ c:D           |",
                "deferred ones not while one at an older is up     | 1    | a:F b:O c:D            |",
                "deferred ones all at once                         | 1    | a:H b:D c:D d:D        | b c d",
                "deferred ones without the ramp                    | 9    | b:D c:D                | b c",
                "a deferred one that was told is not told again    | 1    | a:D+ b:D               | b",
                "a deferred one that was told takes no slot        | 1    | a:D+ b:W               | b",
                "deferred first ones are no different              | 1    | b:D c:D!               | b c"
            })
    void whoMayChangeNow(String context, String limit, String candidates, String expected) {
        assertThat(next(terms(limit, false), candidates)).as(context).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "all that the limit lets           | 3 | a:W b:W c:W d:W e:W  | a b c",
                "those under way count             | 3 | a:F b:X c:W d:W      | c",
                "slots at an older one are limited | 3 | a:O b:O c:O d:W      | a b c",
                "first ones still come first       | 3 | a:W b:W! c:W         | b"
            })
    void anApprovedRevisionNeedNotProveItself(String context, String limit, String candidates, String expected) {
        assertThat(next(terms(limit, true), candidates)).as(context).isEqualTo(expected);
    }

    @Test
    void orderIsByNamespaceKindAndNameHoweverTheBerthsCome() {
        List<Candidate> candidates = new ArrayList<>();
        for (String ref : "b/Deployment/a a/StatefulSet/a a/Deployment/b a/Deployment/a".split(" ")) {
            String[] parts = ref.split("/");
            candidates.add(berth(new WorkloadRef("apps", parts[1], parts[0], parts[2]), "W"));
        }
        List<WorkloadRef> expected = List.of(
                new WorkloadRef("apps", "Deployment", "a", "a"),
                new WorkloadRef("apps", "Deployment", "a", "b"),
                new WorkloadRef("apps", "StatefulSet", "a", "a"),
                new WorkloadRef("apps", "Deployment", "b", "a"));

        assertThat(RolloutPlanner.next(terms("9", true), candidates, Set.of())).isEqualTo(expected);
        Collections.reverse(candidates);
        assertThat(RolloutPlanner.next(terms("9", true), candidates, Set.of())).isEqualTo(expected);
    }

    @Test
    void aGrantOfAWorkloadThatIsGoneTakesNoSlot() {
        assertThat(RolloutPlanner.next(terms("1", false), List.of(berth(ref("a"), "W")), Set.of(ref("gone"))))
                .containsExactly(ref("a"));
    }

    @Test
    void aRemovalThatIsFinishedProvesNothingOnceTheWorkloadIsToHaveThePolicyAgain() {
        WorkloadRollout removed = workloadRollout(Phase.HEALTHY, Optional.empty());
        Candidate again = Candidate.of(ref("a"), WorkloadState.QUEUED, RolloutState.COMPLETE)
                .workloadRollout(Optional.of(removed));

        assertThat(RolloutPlanner.next(terms("9", false), List.of(again, berth(ref("b"), "W")), Set.of()))
                .containsExactly(ref("a"));
    }

    @Test
    void aFailureAtTheWantedRevisionShutsTheGateBeforeAnybodyHasToldIt() {
        WorkloadRollout failed = workloadRollout(Phase.FAILED, Optional.of("wanted"));

        assertThat(RolloutPlanner.isClosed(terms("9", false), List.of(failed))).isTrue();
        assertThat(RolloutPlanner.isClosed(terms("9", true), List.of(failed)))
                .as("approved all the same")
                .isFalse();
        assertThat(RolloutPlanner.isClosed(
                        terms("9", false), List.of(workloadRollout(Phase.FAILED, Optional.of("older")))))
                .as("the new revision replaces what failed before")
                .isFalse();
        assertThat(RolloutPlanner.isClosed(
                        terms("9", false), List.of(workloadRollout(Phase.PROGRESSING, Optional.of("wanted")))))
                .isFalse();
    }

    private static String next(Terms terms, String text) {
        Set<WorkloadRef> permitted = new HashSet<>();
        List<Candidate> candidates = Arrays.stream(text.split(" "))
                .map(berth -> {
                    WorkloadRef ref = ref(berth.substring(0, berth.indexOf(':')));
                    if (berth.contains("+")) {
                        permitted.add(ref);
                    }
                    return berth(ref, berth.substring(berth.indexOf(':') + 1));
                })
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.reverse(candidates);
        return RolloutPlanner.next(terms, candidates, permitted).stream()
                .map(WorkloadRef::name)
                .collect(Collectors.joining(" "));
    }

    private static Candidate berth(WorkloadRef ref, String state) {
        boolean first = state.contains("!");
        RolloutState rollout = switch (state.charAt(0)) {
            case 'W', 'H', 'R', 'N', 'C' -> RolloutState.COMPLETE;
            case 'D', 'd' -> RolloutState.DEFERRED;
            default -> RolloutState.PROGRESSING;
        };
        Optional<WorkloadRollout> workloadRollout = switch (state.charAt(0)) {
            case 'F', 'C' -> Optional.of(workloadRollout(Phase.PROGRESSING, Optional.of("wanted")));
            case 'X' -> Optional.of(workloadRollout(Phase.FAILED, Optional.of("wanted")));
            case 'O' -> Optional.of(workloadRollout(Phase.PROGRESSING, Optional.of("older")));
            case 'R' -> Optional.of(workloadRollout(Phase.HEALTHY, Optional.empty()));
            default -> Optional.empty();
        };
        WorkloadState name = switch (state.charAt(0)) {
            case 'H' -> WorkloadState.HEALTHY;
            case 'P', 'd' -> WorkloadState.INJECTED;
            case 'F', 'C' -> WorkloadState.PROGRESSING;
            case 'X' -> WorkloadState.FAILED;
            case 'W', 'w', 'D', 'O' -> WorkloadState.QUEUED;
            case 'S' -> WorkloadState.BLOCKED;
            case 'R' -> WorkloadState.REMOVED;
            default -> WorkloadState.UNCONCERNED;
        };
        return Candidate.of(ref, name, rollout).first(first).workloadRollout(workloadRollout);
    }

    private static WorkloadRollout workloadRollout(Phase phase, Optional<String> to) {
        return new WorkloadRollout(AT, new Change(Optional.of("before"), to, false), phase, Optional.empty());
    }

    private static WorkloadRef ref(String name) {
        return new WorkloadRef("apps", "Deployment", "shop", name);
    }

    private static Terms terms(String limit, boolean approved) {
        RolloutRules rules = RolloutRules.of(Json.parse(
                "{\"rollout\":{\"maxConcurrent\":" + (limit.endsWith("%") ? '"' + limit + '"' : limit) + "}}"));
        return new Terms(Optional.of("wanted"), rules, approved);
    }
}

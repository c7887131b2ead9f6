package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.RolloutPlanner.Candidate;
import io.sidecaroperator.core.workload.RolloutState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A workload is a letter and a number of them: {@code W} waits, {@code w} waits and is not complete, {@code H} has the
 * change, {@code D} waits and is deferred, {@code F} waits and comes first.
 */
class BatchesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody                                        | 9   |            |",
                "it starts with one and widens                 | 99  | W:20       | 1 2 4 8 5",
                "never wider than the limit                    | 4   | W:20       | 1 2 4 4 4 4 1",
                "a percentage is of all of them                | 10% | W:30 H:10  | 4 4 4 4 4 4 4 2",
                "healthy ones widen it from the start          | 99  | W:9 H:3    | 4 5",
                "one at a time                                 | 1   | W:3        | 1 1 1",
                "deferred ones come last, all at once          | 99  | W:3 D:7    | 1 2 7d",
                "deferred ones alone                           | 1   | D:3        | 3d",
                "first ones come before everybody              | 99  | F:2 W:5    | 1 1 3 2",
                "those that are not complete come after others | 1   | w:1 W:1    | 1 1",
                "all have it                                   | 1   | H:3        |"
            })
    void comeInThisOrder(String name, String limit, String workloads, String batches) {
        // Given
        List<Candidate> candidates = candidates(workloads);

        // When
        List<Batches.Batch> found = Batches.of(rules(limit), candidates);

        // Then
        assertThat(found.stream()
                        .map(batch -> batch.workloads().size() + (batch.deferred() ? "d" : ""))
                        .collect(Collectors.joining(" ")))
                .as(name)
                .isEqualTo(batches == null ? "" : batches);
        assertThat(found.stream().flatMap(batch -> batch.workloads().stream()))
                .containsExactlyInAnyOrderElementsOf(candidates.stream()
                        .filter(one -> one.state().isQueued())
                        .map(Candidate::ref)
                        .toList());
    }

    private static RolloutRules rules(String limit) {
        String value = limit.endsWith("%") ? "\"" + limit + "\"" : limit;
        return RolloutRules.of(Json.parse("{\"rollout\": {\"maxConcurrent\": " + value + "}}"));
    }

    private static List<Candidate> candidates(@Nullable String text) {
        List<Candidate> candidates = new ArrayList<>();
        for (String group : text == null ? new String[0] : text.split(" ")) {
            char letter = group.charAt(0);
            RolloutState rollout = letter == 'D'
                    ? RolloutState.DEFERRED
                    : letter == 'w' ? RolloutState.PROGRESSING : RolloutState.COMPLETE;
            boolean has = letter == 'H';
            for (int i = 0; i < Integer.parseInt(group.substring(2)); i++) {
                WorkloadRef ref = new WorkloadRef("apps", "Deployment", "shop", letter + "-" + i);
                candidates.add(Candidate.of(ref, has ? WorkloadState.INJECTED : WorkloadState.QUEUED, rollout)
                        .first(letter == 'F'));
            }
        }
        return candidates;
    }
}

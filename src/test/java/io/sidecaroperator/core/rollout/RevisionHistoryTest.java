package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.rollout.RevisionHistory.Revision;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevisionHistoryTest {
    /** Six revisions were made in the order a to f; {@code present} is the policy's own. */
    @ParameterizedTest
    @CsvSource({
        "10, f, '',    ''",
        "5,  f, '',    ''",
        "4,  f, '',    'a'",
        "2,  f, '',    'a b c'",
        "1,  f, '',    'a b c d'",
        // A needed revision stays, and does not displace a younger one.
        "2,  f, 'a',   'b c'",
        "2,  f, 'a b c', ''",
        "2,  f, 'e',   'a b c'",
        "2,  f, 'f x', 'a b c'",
        // A policy that went back to its first revision.
        "2,  a, '',    'b c d'",
        "2,  a, 'b d', 'c'",
        // A revision that was never stored.
        "2,  x, '',    'a b c d'",
    })
    void theOldestBeyondTheLimitGoExceptThoseThatAreNeeded(int limit, String present, String needed, String surplus) {
        List<Revision> entries =
                List.of(entry("d", 4), entry("a", 1), entry("f", 6), entry("c", 3), entry("b", 2), entry("e", 5));

        assertThat(RevisionHistory.surplus(entries, limit, present, words(needed)))
                .extracting(Revision::revision)
                .containsExactlyElementsOf(surplus.isEmpty() ? List.of() : List.of(surplus.split(" ")));
    }

    @Test
    void oneOfTwoObjectsWithOneNumberGoesAndAlwaysTheSame() {
        List<Revision> entries = List.of(entry("b", 0), entry("a", 0));

        assertThat(RevisionHistory.surplus(entries, 1, "x", Set.of()))
                .isEqualTo(RevisionHistory.surplus(List.of(entries.get(1), entries.get(0)), 1, "x", Set.of()))
                .hasSize(1);
    }

    @Test
    void numbersIncrease() {
        assertThat(RevisionHistory.nextNumber(List.of())).isOne();
        assertThat(RevisionHistory.nextNumber(List.of(entry("b", 7), entry("a", 2))))
                .isEqualTo(8);
    }

    private static Revision entry(String revision, long number) {
        return new Revision("sidecarpolicy-logs-" + revision, revision, number);
    }

    private static Set<String> words(String text) {
        return new HashSet<>(Arrays.asList(text.split(" ")));
    }
}

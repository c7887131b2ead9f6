package io.sidecaroperator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.docs.Transcripts.Step;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/cli.md shows exactly what the commands without a cluster print. */
class TranscriptsTest {
    private static final String FILE = "docs/cli.md";
    private static final String UPDATE = "mvn test -Dtest=TranscriptsTest -Dtranscripts.update";

    @BeforeAll
    static void update() throws IOException {
        if (System.getProperty("transcripts.update") != null) {
            Transcripts.of(FILE).update(step -> step.needsCluster() ? step.printed() : Transcripts.run(step.command()));
        }
    }

    static Stream<Step> steps() {
        return Transcripts.of(FILE).steps().stream().filter(step -> !step.needsCluster());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    void aCommandPrintsWhatThePageShows(Step step) {
        List<String> printed = Transcripts.run(step.command());
        assertThat(step.matches(printed))
                .as(
                        "%s, line %d: $ %s%nprints%n%s%nbring the page up to date with: %s",
                        FILE, step.line() + 1, step.command(), String.join("\n", printed), UPDATE)
                .isTrue();
    }

    @Test
    void eachCommandIsShown() {
        assertThat(steps().flatMap(step -> Stream.of(step.command().split("sidecar ", -1)))
                        .map(command -> command.split(" ", -1)[0]))
                .contains("inject", "uninject", "diff", "explain", "policies", "validate");
    }

    @Test
    void dotsStandForAnyLines() {
        Step step = new Step(0, "", List.of("a", "...", "d"));
        assertThat(step.matches(List.of("a", "b", "c", "d"))).isTrue();
        assertThat(step.matches(List.of("a", "d"))).isTrue();
        assertThat(step.matches(List.of("a", "b"))).isFalse();
        assertThat(new Step(0, "", List.of("a")).matches(List.of("a", "b"))).isFalse();
    }
}

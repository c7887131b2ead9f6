package io.sidecaroperator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.rollout.WorkloadState;
import io.sidecaroperator.core.rollout.WorkloadState.Move;
import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/workload-states.md lists exactly the states and moves of the code, in the words of the code. */
class WorkloadStatesDocTest {
    private static final String FILE = "docs/workload-states.md";
    private static final String UPDATE = "mvn test -Dtest=WorkloadStatesDocTest -Dstates.update";
    private static final String BEGIN = "<!-- What follows is written by WorkloadStatesDocTest. -->\n";

    @Test
    void thePictureAndTheTablesAreTheEnums() throws IOException {
        String text = Checkout.read(FILE);
        int start = text.indexOf(BEGIN);
        assertThat(start).as("%s says where the picture begins", FILE).isNotNegative();
        String expected = text.substring(0, start) + BEGIN + picture() + states() + moves();
        if (System.getProperty("states.update") != null) {
            Files.writeString(Checkout.ROOT.resolve(FILE), expected);
        }
        assertThat(Checkout.read(FILE))
                .as("%s is not what the enums say; bring it up to date with: %s", FILE, UPDATE)
                .isEqualTo(expected);
    }

    private static String picture() {
        return Stream.of(Move.values())
                .flatMap(move -> move.steps().stream()
                        .map(step ->
                                "    " + step.from().map(WorkloadState::name).orElse("[*]") + " --> " + step.to()
                                        + (step.from().isPresent() ? " : " + move : "") + "\n"))
                .collect(Collectors.joining("", "\n```mermaid\nstateDiagram-v2\n", "```\n"));
    }

    private static String states() {
        return Stream.of(WorkloadState.values())
                .map(state -> "| `" + state + "` | " + state.meaning() + " |\n")
                .collect(Collectors.joining("", "\n## The states\n\n| state | what it means |\n|---|---|\n", ""));
    }

    private static String moves() {
        return Stream.of(Move.values())
                .map(move -> "| `" + move + "` | " + move.by().word() + " | " + move.meaning() + " | " + steps(move)
                        + " |\n")
                .collect(Collectors.joining(
                        "", "\n## The moves\n\n| move | made by | because | from and to |\n|---|---|---|---|\n", ""));
    }

    private static String steps(Move move) {
        return move.steps().stream()
                .map(step -> step.from().map(from -> "`" + from + "`").orElse("any") + " to `" + step.to() + "`")
                .collect(Collectors.joining(", "));
    }
}

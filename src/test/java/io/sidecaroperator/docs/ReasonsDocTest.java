package io.sidecaroperator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/reasons.md has a row for each reason, in the words of the enum. */
class ReasonsDocTest {
    private static final String FILE = "docs/reasons.md";
    private static final String UPDATE = "mvn test -Dtest=ReasonsDocTest -Dreasons.update";
    private static final String HEAD = "| reason | kind | what it means | what to do |\n|---|---|---|---|\n";

    @Test
    void theTableIsTheEnums() throws IOException {
        String text = Checkout.read(FILE);
        int start = text.indexOf(HEAD);
        assertThat(start).as("%s has the table's head", FILE).isNotNegative();
        String before = text.substring(0, start + HEAD.length());
        String after = text.substring(start + HEAD.length())
                .lines()
                .dropWhile(line -> line.startsWith("|"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        String expected = before + rows() + after;
        if (System.getProperty("reasons.update") != null) {
            Files.writeString(Checkout.ROOT.resolve(FILE), expected);
        }
        assertThat(Checkout.read(FILE))
                .as("%s is not what the enum says; bring it up to date with: %s", FILE, UPDATE)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void aReasonSpeaksInSentences(Reason reason) {
        assertThat(reason.meaning()).as("goes on after a colon").matches("[a-z].*[^.]");
        assertThat(reason.advice()).as("one sentence that says what to do").matches("[A-Z][^.]*(\\.[^. ][^.]*)*\\.");
        assertThat(reason.meaning() + reason.advice()).as("fits a table").doesNotContain("|", "\n");
    }

    private static String rows() {
        return Stream.of(Reason.values())
                .map(reason -> "| `" + reason + "` | " + kind(reason.kind()) + " | " + reason.meaning() + " | "
                        + reason.advice() + " |\n")
                .collect(Collectors.joining());
    }

    private static String kind(Reason.Kind kind) {
        return switch (kind) {
            case SKIP -> "skipped";
            case REFUSE -> "refused";
            case HOLD -> "held back";
            case NOTE -> kind.name().toLowerCase(Locale.ROOT);
        };
    }
}

package io.sidecaroperator.operator.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventRecorderTest {
    @ParameterizedTest
    @CsvSource({
        "short, 10, short",
        "just ten !, 10, just ten !",
        "just eleven, 10, just el...",
        "ÄÖÜ, 6, ÄÖÜ",
        "ÄÖÜß, 7, ÄÖ...",
        "日志收集器, 14, 日志收...",
        "😀😀😀, 11, 😀😀..."
    })
    void aNoteIsCutByBytesBetweenTwoCharacters(String text, int bytes, String expected) {
        assertThat(EventRecorder.shorten(text, bytes)).isEqualTo(expected);
    }

    @Test
    void itNeverIsLongerThanTheApiServerAllows() {
        String text = "ein Wörtchen 志 😀 ".repeat(200);
        for (int bytes = 3; bytes < 1100; bytes++) {
            String shortened = EventRecorder.shorten(text, bytes);
            assertThat(shortened.getBytes(StandardCharsets.UTF_8).length).isBetween(bytes - 3, bytes);
        }
    }
}

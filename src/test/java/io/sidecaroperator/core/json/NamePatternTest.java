package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource({
        "web, web, true",
        "web, web-1, false",
        "web, my-web, false",
        "web-*, web-, true",
        "web-*, web-1-2, true",
        "web-*, web, false",
        "*-web, my-web, true",
        "*, '', true",
        "*, anything, true",
        "**, a, true",
        "a*b*c, abc, true",
        "a*b*c, a-b-b-c, true",
        "a*b*c, a-c-b, false",
        "w.b, web, false",
        "'', '', true",
        "'', a, false"
    })
    void matchesTheWholeName(String pattern, String name, boolean matches) {
        assertThat(new NamePattern(pattern).matches(name)).isEqualTo(matches);
    }

    /** An implementation that tries every way would not return. */
    @Test
    void comesBackFromAPatternThatIsMadeToTakeLong() {
        NamePattern pattern = new NamePattern("*a".repeat(60) + "b");

        assertThat(pattern.matches("a".repeat(20_000))).isFalse();
    }
}

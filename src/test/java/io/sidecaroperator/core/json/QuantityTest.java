package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "100m, 0.1",
        "0.1, 0.1",
        ".5, 0.5",
        "5., 5",
        "1, 1",
        "+1, 1",
        "-1, -1",
        "1k, 1000",
        "1Ki, 1024",
        "128Mi, 134217728",
        "1.5Gi, 1610612736",
        "1G, 1000000000",
        "1E, 1000000000000000000",
        "1Ei, 1152921504606846976",
        "1e3, 1000",
        "1E3, 1000",
        "1e-3, 0.001",
        "100n, 0.0000001",
        "100u, 0.0001",
        "0, 0"
    })
    void hasTheValueThatTheServerReads(String text, BigDecimal value) {
        assertThat(Quantity.value(text))
                .hasValueSatisfying(read -> assertThat(read).isEqualByComparingTo(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "1 Gi", "1gi", "1KI", "1e", "0x10", "1e1000000000", "1.2.3", "١", " 1", "1Mi1"})
    void isNothingElse(String text) {
        assertThat(Quantity.value(text)).isEmpty();
    }

    @Test
    void takesNumbersToo() {
        assertThat(Quantity.value(Json.parse("2"))).contains(BigDecimal.valueOf(2));
        assertThat(Quantity.value(Json.parse("0.5"))).contains(new BigDecimal("0.5"));
        assertThat(Quantity.value(Json.parse("true"))).isEmpty();
        assertThat(Quantity.value(Json.parse("null"))).isEmpty();
        assertThat(Quantity.value(Json.parse("[1]"))).isEmpty();
    }
}

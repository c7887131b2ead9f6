package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"b\":1,\"name\":\"x\",\"a\":2} | {\"name\":\"x\",\"a\":2,\"b\":1}",
                "{\"a\":{\"d\":1,\"c\":2}} | {\"a\":{\"c\":2,\"d\":1}}",
                "[{\"b\":1,\"a\":2}] | [{\"a\":2,\"b\":1}]",
                "{\"a\":null,\"b\":[null]} | {\"b\":[null]}",
                "{\"a\":{},\"b\":[],\"c\":\"\"} | {\"a\":{},\"b\":[],\"c\":\"\"}",
                "[1.0,1e3,1.50,-0.0,0e9] | [1,1000,1.5,0,0]",
                "12345678901234567890123 | 12345678901234567890123",
                "1e100000 | 1E+100000",
                "\"1.0\" | \"1.0\""
            })
    void isOneFormForTheSameMeaning(String given, String canonical) {
        assertThat(Json.text(Canonical.of(Json.parse(given)))).isEqualTo(canonical);
    }

    @Test
    void hashesWhatItMeansAndNotHowItIsWritten() {
        assertThat(Canonical.hash(Json.parse("{\"b\":1.0,\"a\":null}"), 10))
                .isEqualTo(Canonical.hash(Json.parse("{\"b\":1}"), 10))
                .hasSize(10)
                .isNotEqualTo(Canonical.hash(Json.parse("{\"b\":\"1\"}"), 10));
    }

    @Test
    void changesNothingThatItIsGiven() {
        var tree = Json.parse("{\"b\":[{\"z\":1.0,\"a\":null}]}");

        Canonical.of(tree);

        assertThat(Json.text(tree)).isEqualTo("{\"b\":[{\"z\":1.0,\"a\":null}]}");
    }
}

package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceScalarTest {
    @ParameterizedTest
    @CsvSource({
        "yes, true",
        "true, true",
        "010, 8",
        "0x200000000, 8589934592",
        "0x10000000000000000000, 75557863725914323419136",
        "1.50e0, 1.50"
    })
    void theValueIsTheSameAndItsTextIsWhatWasWritten(String source, String json) {
        JsonNode plain = Json.parse(json);
        JsonNode value = SourceScalar.of(source, plain);

        assertThat(value).isEqualTo(plain).hasSameHashCodeAs(plain);
        assertThat(plain).isEqualTo(value);
        assertThat(Json.text(value)).isEqualTo(json);
        assertThat(SourceScalar.textOf(value)).isEqualTo(source);
        assertThat(SourceScalar.textOf(value.deepCopy())).isEqualTo(source);
        assertThat(SourceScalar.textOf(plain)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({"~, null", "text, '\"text\"'"})
    void whatIsNoNumberAndNoBooleanStaysAsItIs(String source, String json) {
        JsonNode plain = Json.parse(json);
        assertThat(SourceScalar.of(source, plain)).isSameAs(plain);
    }
}

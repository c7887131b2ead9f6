package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"z\":1,\"a\":2}",
                "[1.0,1.50,0.10,12345678901234567890.123456789012345678901234567890]",
                "{\"a\":null,\"b\":[],\"c\":{},\"d\":\"\"}",
                "\"größer 日本語 🦀\""
            })
    void losesNothing(String text) {
        assertThat(Json.text(Json.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":2}", "{} {}", "{", "{'a':1}", "[1,]", "nope"})
    void isStrict(String text) {
        assertThatExceptionOfType(InvalidJsonException.class).isThrownBy(() -> Json.parse(text));
    }
}

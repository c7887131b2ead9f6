package io.sidecaroperator.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyKeyTest {
    @ParameterizedTest
    @CsvSource({"logs, '', logs", "shop/logs, shop, logs"})
    void isWrittenAsItIsRead(String text, String namespace, String name) {
        assertThat(PolicyKey.parse(text)).isEqualTo(new PolicyKey(namespace, name));
        assertThat(new PolicyKey(namespace, name)).hasToString(text);
    }
}

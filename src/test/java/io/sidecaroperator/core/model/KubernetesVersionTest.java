package io.sidecaroperator.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesVersionTest {
    @ParameterizedTest
    @CsvSource({
        "1.28, 1.28, false",
        "v1.28.15, 1.28, false",
        "1.29, 1.29, true",
        "1.29+, 1.29, true",
        "v1.36.3-eks-a1b2, 1.36, true",
        "1.100, 1.100, true",
        "2.0, 2.0, true"
    })
    void readsWhatServersSay(String text, String version, boolean natives) {
        assertThat(KubernetesVersion.parse(text)).hasValueSatisfying(parsed -> {
            assertThat(parsed).hasToString(version);
            assertThat(parsed.hasNativeSidecars()).isEqualTo(natives);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.", "v1.x", "1.28 ", "latest", "1.99999", "-1.2"})
    void readsNothingElse(String text) {
        assertThat(KubernetesVersion.parse(text)).isEmpty();
    }
}

package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountPathTest {
    @ParameterizedTest
    @CsvSource({
        "/var/log, /var/log",
        "/var/log/, /var/log",
        "/var//log/./, /var/log",
        "/var/log/../cache, /var/cache",
        "/../.., /",
        "var/log, /var/log",
        "/, /",
        "'', /",
        "/var/...x, /var/...x"
    })
    void isThePathThatTheKernelSees(String raw, String path) {
        assertThat(MountPath.of(raw)).hasToString(path);
    }

    @ParameterizedTest
    @CsvSource({
        "/var, /var/log, true",
        "/, /var, true",
        "/var/log, /var/log, false",
        "/var/log, /var, false",
        "/var/lo, /var/log, false",
        "/, /, false"
    })
    void isAboveWhatLiesInIt(String one, String other, boolean above) {
        assertThat(MountPath.of(one).isAbove(MountPath.of(other))).isEqualTo(above);
    }
}

package io.sidecaroperator.operator.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.operator.controller.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WriteExpectationsTest {
    private final MovableClock clock = new MovableClock();
    private final WriteExpectations<String> expectations = new WriteExpectations<>(clock);

    @Test
    void theVersionThatWasWrittenOverIsOldUntilAnotherIsSeenOrPatienceEnds() {
        assertThat(expectations.isOutdated("web", "1")).isFalse();
        expectations.outdate("web", "1");
        assertThat(expectations.isOutdated("web", "1")).isTrue();
        assertThat(expectations.isOutdated("app", "1")).isFalse();

        assertThat(expectations.isOutdated("web", "2")).isFalse();
        assertThat(expectations.isOutdated("web", "1"))
                .as("the watch has a newer version")
                .isFalse();

        expectations.outdate("web", "2");
        clock.reconciliation(WriteExpectations.PATIENCE.minusMillis(1));
        assertThat(expectations.isOutdated("web", "2")).isTrue();
        clock.reconciliation(Duration.ofMillis(1));
        assertThat(expectations.isOutdated("web", "2")).isFalse();
    }

    @Test
    void aRefusalIsRememberedForTheVerySameChange() {
        expectations.refuse("web", "change", "no");
        assertThat(expectations.refusal("web", "change")).contains("no");
        assertThat(expectations.refusal("web", "another")).isEmpty();
        assertThat(expectations.refusal("app", "change")).isEmpty();
        expectations.forget("web");
        assertThat(expectations.refusal("web", "change")).isEmpty();
    }
}

package io.sidecaroperator.operator.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.operator.controller.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WriteExpectationsTest {
    private final MovableClock clock = new MovableClock();
    private final WriteExpectations<String> attempts = new WriteExpectations<>(clock);

    @Test
    void theVersionThatWasWrittenOverIsOldUntilAnotherIsSeenOrPatienceEnds() {
        assertThat(attempts.isOutdated("web", "1")).isFalse();
        attempts.outdate("web", "1");
        assertThat(attempts.isOutdated("web", "1")).isTrue();
        assertThat(attempts.isOutdated("app", "1")).isFalse();

        assertThat(attempts.isOutdated("web", "2")).isFalse();
        assertThat(attempts.isOutdated("web", "1")).as("the watch has moved on").isFalse();

        attempts.outdate("web", "2");
        clock.pass(WriteExpectations.PATIENCE.minusMillis(1));
        assertThat(attempts.isOutdated("web", "2")).isTrue();
        clock.pass(Duration.ofMillis(1));
        assertThat(attempts.isOutdated("web", "2")).isFalse();
    }

    @Test
    void aRefusalIsRememberedForTheVerySameChange() {
        attempts.refuse("web", "change", "no");
        assertThat(attempts.refusal("web", "change")).contains("no");
        assertThat(attempts.refusal("web", "another")).isEmpty();
        assertThat(attempts.refusal("app", "change")).isEmpty();
        attempts.forget("web");
        assertThat(attempts.refusal("web", "change")).isEmpty();
    }
}

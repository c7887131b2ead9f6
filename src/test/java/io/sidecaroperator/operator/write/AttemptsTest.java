package io.sidecaroperator.operator.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.operator.controller.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final MovableClock clock = new MovableClock();
    private final Attempts<String> attempts = new Attempts<>(clock);

    @Test
    void theVersionThatWasWrittenOverIsOldUntilAnotherIsSeenOrPatienceEnds() {
        assertThat(attempts.isOutdated("web", "1")).isFalse();
        attempts.outdate("web", "1");
        assertThat(attempts.isOutdated("web", "1")).isTrue();
        assertThat(attempts.isOutdated("app", "1")).isFalse();

        assertThat(attempts.isOutdated("web", "2")).isFalse();
        assertThat(attempts.isOutdated("web", "1")).as("the watch has moved on").isFalse();

        attempts.outdate("web", "2");
        clock.pass(Attempts.PATIENCE.minusMillis(1));
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

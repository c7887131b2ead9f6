package io.sidecaroperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final Attempts<String> attempts = new Attempts<>(new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void theVersionThatWasWrittenOverIsOldUntilAnotherIsSeenOrPatienceEnds() {
        assertThat(attempts.isOutdated("web", "1")).isFalse();
        attempts.outdate("web", "1");
        assertThat(attempts.isOutdated("web", "1")).isTrue();
        assertThat(attempts.isOutdated("app", "1")).isFalse();

        assertThat(attempts.isOutdated("web", "2")).isFalse();
        assertThat(attempts.isOutdated("web", "1")).as("the watch has moved on").isFalse();

        attempts.outdate("web", "2");
        now = now.plus(Attempts.PATIENCE).minus(Duration.ofMillis(1));
        assertThat(attempts.isOutdated("web", "2")).isTrue();
        now = now.plusMillis(1);
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

package io.sidecaroperator.operator.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.operator.controller.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ContentionBackoffTest {
    private final MovableClock clock = new MovableClock();
    private final ContentionBackoff<String> contention = new ContentionBackoff<>(clock);

    @Test
    void theSameWriteWaitsLongerEachTimeAfterFiveRoundsUpToAMinute() {
        for (int round = 0; round < ContentionBackoff.ROUNDS; round++) {
            assertThat(contention.pause("web", "injected")).isEmpty();
            contention.wrote("web", "injected");
        }
        for (int seconds : new int[] {10, 20, 40, 60, 60, 60}) {
            assertThat(contention.pause("web", "injected")).contains(Duration.ofSeconds(seconds));
            clock.reconciliation(Duration.ofSeconds(seconds));
            assertThat(contention.pause("web", "injected")).isEmpty();
            contention.wrote("web", "injected");
        }
        contention.forget("web");
        assertThat(contention.pause("web", "injected")).isEmpty();
    }

    @Test
    void anotherWriteOrALongPeaceEndsIt() {
        fight("web");
        assertThat(contention.pause("web", "stripped")).isEmpty();
        assertThat(contention.pause("app", "injected")).isEmpty();
        contention.wrote("web", "stripped");
        assertThat(contention.pause("web", "injected")).isEmpty();

        fight("web");
        clock.reconciliation(Duration.ofMinutes(6));
        contention.wrote("web", "injected");
        assertThat(contention.pause("web", "injected")).isEmpty();
    }

    private void fight(String object) {
        for (int round = 0; round < ContentionBackoff.ROUNDS; round++) {
            contention.wrote(object, "injected");
        }
    }
}

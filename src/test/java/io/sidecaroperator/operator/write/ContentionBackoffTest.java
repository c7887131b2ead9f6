package io.sidecaroperator.operator.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.operator.controller.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ContentionBackoffTest {
    private final MovableClock clock = new MovableClock();
    private final ContentionBackoff<String> fights = new ContentionBackoff<>(clock);

    @Test
    void theSameWriteWaitsLongerEachTimeAfterFiveRoundsUpToAMinute() {
        for (int round = 0; round < ContentionBackoff.ROUNDS; round++) {
            assertThat(fights.pause("web", "injected")).isEmpty();
            fights.wrote("web", "injected");
        }
        for (int seconds : new int[] {10, 20, 40, 60, 60, 60}) {
            assertThat(fights.pause("web", "injected")).contains(Duration.ofSeconds(seconds));
            clock.pass(Duration.ofSeconds(seconds));
            assertThat(fights.pause("web", "injected")).isEmpty();
            fights.wrote("web", "injected");
        }
        fights.forget("web");
        assertThat(fights.pause("web", "injected")).isEmpty();
    }

    @Test
    void anotherWriteOrALongPeaceEndsIt() {
        fight("web");
        assertThat(fights.pause("web", "stripped")).isEmpty();
        assertThat(fights.pause("app", "injected")).isEmpty();
        fights.wrote("web", "stripped");
        assertThat(fights.pause("web", "injected")).isEmpty();

        fight("web");
        clock.pass(Duration.ofMinutes(6));
        fights.wrote("web", "injected");
        assertThat(fights.pause("web", "injected")).isEmpty();
    }

    private void fight(String object) {
        for (int round = 0; round < ContentionBackoff.ROUNDS; round++) {
            fights.wrote(object, "injected");
        }
    }
}

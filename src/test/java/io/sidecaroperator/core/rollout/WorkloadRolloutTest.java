package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.WorkloadRollout.Phase;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadRolloutTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Change CHANGE = new Change(Optional.of("a"), Optional.of("b"), false);

    @ParameterizedTest(name = "{0}, then {1}: {2}")
    @CsvSource({
        "PROGRESSING, PROGRESSING, PROGRESSING",
        "PROGRESSING, HEALTHY,   HEALTHY",
        "PROGRESSING, ABANDONED,  ABANDONED",
        "PROGRESSING, FAILED,    FAILED",
        "HEALTHY,   PROGRESSING, HEALTHY",
        "HEALTHY,   FAILED,    HEALTHY",
        "HEALTHY,   ABANDONED,  HEALTHY",
        "ABANDONED,  PROGRESSING, ABANDONED",
        "ABANDONED,  FAILED,    ABANDONED",
        "ABANDONED,  HEALTHY,   ABANDONED",
        "FAILED,    PROGRESSING, FAILED",
        "FAILED,    HEALTHY,   HEALTHY",
        "FAILED,    ABANDONED,  ABANDONED",
        "FAILED,    FAILED,    FAILED"
    })
    void whatHasComeWellOrWasLetGoStaysSo(Phase before, Phase now, Phase believed) {
        assertThat(workloadRollout(AT, CHANGE, now)
                        .after(workloadRollout(AT, CHANGE, before))
                        .phase())
                .isEqualTo(believed);
    }

    @Test
    void aFailureKeepsItsFirstFaultWhileItLastsUnseenAndTakesTheNewestSeen() {
        WorkloadRollout crashed = failed("crashed");
        WorkloadRollout killed = failed("killed");

        assertThat(workloadRollout(AT, CHANGE, Phase.PROGRESSING).after(crashed))
                .isEqualTo(crashed);
        assertThat(killed.after(crashed)).isEqualTo(killed);
    }

    @Test
    void anotherWriteIsAnotherFlight() {
        WorkloadRollout before = workloadRollout(AT, CHANGE, Phase.HEALTHY);
        WorkloadRollout later = workloadRollout(AT.plusSeconds(1), CHANGE, Phase.PROGRESSING);
        WorkloadRollout back = workloadRollout(AT, new Change(CHANGE.to(), CHANGE.from(), true), Phase.PROGRESSING);

        assertThat(later.after(before)).isEqualTo(later);
        assertThat(back.after(before)).isEqualTo(back);
        assertThat(later.after(failed("crashed"))).isEqualTo(later);
    }

    @ParameterizedTest
    @CsvSource({"PROGRESSING, true", "FAILED, true", "HEALTHY, false", "ABANDONED, false"})
    void whatIsUnderWayOrHasFailedTakesASlot(Phase phase, boolean up) {
        assertThat(workloadRollout(AT, CHANGE, phase).isUp()).isEqualTo(up);
    }

    private static WorkloadRollout workloadRollout(Instant at, Change change, Phase phase) {
        return new WorkloadRollout(at, change, phase, Optional.empty());
    }

    private static WorkloadRollout failed(String reason) {
        return new WorkloadRollout(
                AT, CHANGE, Phase.FAILED, Optional.of(new FailureCause(Optional.of("tail"), reason, "", "web-1")));
    }
}

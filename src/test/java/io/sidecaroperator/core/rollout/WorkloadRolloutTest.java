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
        "IN_FLIGHT, IN_FLIGHT, IN_FLIGHT",
        "IN_FLIGHT, HEALTHY,   HEALTHY",
        "IN_FLIGHT, RELEASED,  RELEASED",
        "IN_FLIGHT, FAILED,    FAILED",
        "HEALTHY,   IN_FLIGHT, HEALTHY",
        "HEALTHY,   FAILED,    HEALTHY",
        "HEALTHY,   RELEASED,  HEALTHY",
        "RELEASED,  IN_FLIGHT, RELEASED",
        "RELEASED,  FAILED,    RELEASED",
        "RELEASED,  HEALTHY,   RELEASED",
        "FAILED,    IN_FLIGHT, FAILED",
        "FAILED,    HEALTHY,   HEALTHY",
        "FAILED,    RELEASED,  RELEASED",
        "FAILED,    FAILED,    FAILED"
    })
    void what_has_come_well_or_was_let_go_stays_so(Phase before, Phase now, Phase believed) {
        assertThat(workloadRollout(AT, CHANGE, now)
                        .after(workloadRollout(AT, CHANGE, before))
                        .phase())
                .isEqualTo(believed);
    }

    @Test
    void a_failure_keeps_its_first_fault_while_it_lasts_unseen_and_takes_the_newest_seen() {
        WorkloadRollout crashed = failed("crashed");
        WorkloadRollout killed = failed("killed");

        assertThat(workloadRollout(AT, CHANGE, Phase.IN_FLIGHT).after(crashed)).isEqualTo(crashed);
        assertThat(killed.after(crashed)).isEqualTo(killed);
    }

    @Test
    void another_write_is_another_flight() {
        WorkloadRollout before = workloadRollout(AT, CHANGE, Phase.HEALTHY);
        WorkloadRollout later = workloadRollout(AT.plusSeconds(1), CHANGE, Phase.IN_FLIGHT);
        WorkloadRollout back = workloadRollout(AT, new Change(CHANGE.to(), CHANGE.from(), true), Phase.IN_FLIGHT);

        assertThat(later.after(before)).isEqualTo(later);
        assertThat(back.after(before)).isEqualTo(back);
        assertThat(later.after(failed("crashed"))).isEqualTo(later);
    }

    @ParameterizedTest
    @CsvSource({"IN_FLIGHT, true", "FAILED, true", "HEALTHY, false", "RELEASED, false"})
    void what_is_under_way_or_has_failed_takes_a_slot(Phase phase, boolean up) {
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

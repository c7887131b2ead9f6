package io.sidecaroperator.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.operator.progress.Permits.PolicyVersion;
import io.sidecaroperator.operator.progress.Permits.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PermitsTest {
    private static final PolicyKey LOGS = new PolicyKey("shop", "logs");
    private static final PolicyKey AUTH = new PolicyKey("shop", "auth");
    private static final PolicyVersion FIRST = new PolicyVersion("uid", 1, false);
    private static final PolicyVersion SECOND = new PolicyVersion("uid", 2, false);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Permits offered = Permits.NONE.offer(LOGS, FIRST, NOON);

    @Test
    void aPermitIsOnOfferUntilItIsUsed() {
        assertThat(offered.current(Stage.OFFERED, all(FIRST))).containsOnlyKeys(LOGS);
        assertThat(offered.since()).contains(NOON);

        Permits used = offered.use(Map.of(LOGS, FIRST));

        assertThat(used.isEmpty()).isTrue();
        assertThat(used.since()).isEmpty();
    }

    @Test
    void aPermitThatALookDidNotHaveStays() {
        Permits both = offered.offer(AUTH, FIRST, NOON.plusSeconds(1));

        assertThat(both.since()).as("of the first one").contains(NOON);
        assertThat(both.use(Map.of(LOGS, FIRST)).offered()).containsExactly(AUTH);
        assertThat(offered.use(Map.of(LOGS, SECOND))).isEqualTo(offered);
    }

    @Test
    void aRefusedOneIsRememberedUntilALookIsNotRefused() {
        Permits refused = offered.refuse(Map.of(LOGS, FIRST));

        assertThat(refused.offered()).isEmpty();
        assertThat(refused.since()).isEmpty();
        assertThat(refused.current(Stage.REFUSED, all(FIRST))).containsOnlyKeys(LOGS);
        assertThat(refused.current(Stage.REFUSED, all(SECOND)))
                .as("the policy has changed since")
                .isEmpty();
        assertThat(refused.use(Map.of()).isEmpty()).isTrue();
    }

    @Test
    void oneThatIsOutdatedIsTakenBackAndOneOfTheFutureIsNot() {
        assertThat(offered.withoutOutdated(all(SECOND)).isEmpty()).isTrue();
        assertThat(offered.withoutOutdated(all(FIRST))).isEqualTo(offered);
        assertThat(offered.withoutOutdated(key -> Optional.empty())).isEqualTo(offered);

        Permits newer = Permits.NONE.offer(LOGS, SECOND, NOON);
        assertThat(newer.withoutOutdated(all(FIRST))).isEqualTo(newer);
        assertThat(newer.current(Stage.OFFERED, all(FIRST))).isEmpty();
    }

    @Test
    void aWorkloadThatIsPostponedAgainAndAgainWaitsLongerEachTime() {
        Permits now = Permits.NONE;
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            now = now.offer(LOGS, FIRST, NOON).postpone(Map.of(LOGS, FIRST), NOON);
            assertThat(now.backOff().map(Permits.BackOff::length)).contains(Duration.ofSeconds(seconds));
            assertThat(now.offered()).isEmpty();
        }
        assertThat(now.postpone(Map.of(LOGS, FIRST), NOON.plusSeconds(9)))
                .as("the reconciliation had no permit")
                .isEqualTo(now);
        assertThat(now.use(Map.of()).backOff()).as("nothing was written").isPresent();
        assertThat(now.offer(LOGS, FIRST, NOON).use(Map.of(LOGS, FIRST)).backOff())
                .isEmpty();
    }

    private static Function<PolicyKey, Optional<PolicyVersion>> all(PolicyVersion version) {
        return key -> Optional.of(version);
    }
}

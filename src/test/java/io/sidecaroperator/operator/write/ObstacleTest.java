package io.sidecaroperator.operator.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.status.SyncStatus;
import io.sidecaroperator.operator.write.EventRecorder.Notice;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObstacleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REFUSED  | RejectedByServer | true  | Refused  | policy shop/logs is not injected: why",
                "REFUSED  | RevisionFailed   | true  | Failed   | policy shop/logs failed at revision r1: why",
                "SKIPPED  | OptedOut         | false | Skipped  | policy shop/logs is skipped: why",
                "SKIPPED  | RevisionFailed   | false | Failed   | policy shop/logs failed at revision r1: why",
                "LEAVING  | RejectedByServer | true  | Refused  | policy shop/logs is not injected: why",
                "INJECTED | RevisionFailed   | true  | Failed   | policy shop/logs failed at revision r1: why",
                "INJECTED | DeletePodByHand  | true  | RollOut  | policy shop/logs waits for a pod that does not come to run: why",
                "OUTDATED | DeletePodByHand  | true  | RollBack | policy shop/logs is not rolled back: why",
            })
    void anObstacleIsToldInItsOwnWords(
            SyncState syncState, Reason reason, boolean warning, String action, String note) {
        Notice notice = notice(syncState, reason, "why");

        assertThat(notice.reason()).isEqualTo(reason.name());
        assertThat(notice.warning()).isEqualTo(warning);
        assertThat(notice.action()).isEqualTo(action);
        assertThat(notice.note()).isEqualTo(note);
    }

    @ParameterizedTest
    @CsvSource({"INJECTED, RevisionFailed, true", "REFUSED, RejectedByServer, false", "OUTDATED, DeletePodByHand, false"
    })
    void aFailureIsOneEventForEachRevisionHoweverItsMessageChanges(SyncState syncState, Reason reason, boolean same) {
        assertThat(notice(syncState, reason, "one")
                        .identity()
                        .equals(notice(syncState, reason, "two").identity()))
                .isEqualTo(same);
    }

    private static Notice notice(SyncState syncState, Reason reason, String message) {
        SyncStatus one =
                new SyncStatus(syncState, Optional.of(reason), message, Optional.of("r1"), true, false, Instant.EPOCH);
        return Obstacle.of(one).notice(new PolicyKey("shop", "logs"), one);
    }
}

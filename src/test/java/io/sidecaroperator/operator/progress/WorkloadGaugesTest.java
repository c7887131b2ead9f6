package io.sidecaroperator.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.status.SyncStatus;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.core.workload.RolloutState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadGaugesTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ObservationStore observations = new ObservationStore(Clock.systemUTC(), List.of());

    @ParameterizedTest
    @EnumSource(value = SyncState.class, names = "ORPHANED", mode = EnumSource.Mode.EXCLUDE)
    void aFailedWorkloadIsCountedHoweverItStands(SyncState syncState) {
        WorkloadGauges.register(observations, metrics);
        observations.record(failed(syncState), 1);

        double all = metrics.find("sidecar_operator_workloads").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
        assertThat(all).isOne();
        assertThat(metrics.get("sidecar_operator_workloads")
                        .tags("reason", "RevisionFailed")
                        .gauges())
                .anyMatch(gauge -> gauge.value() == 1);
    }

    private static WorkloadObservation failed(SyncState syncState) {
        SyncStatus failed = new SyncStatus(
                syncState,
                Optional.of(Reason.RevisionFailed),
                "crashed",
                Optional.of("r2"),
                true,
                false,
                Instant.EPOCH);
        return new WorkloadObservation(
                new WorkloadRef("apps", "Deployment", "shop", "web"),
                Map.of(),
                RolloutState.PROGRESSING,
                new TreeMap<>(Map.of(new PolicyKey("shop", "logs"), failed)),
                new TreeMap<>(),
                List.of(),
                0);
    }
}

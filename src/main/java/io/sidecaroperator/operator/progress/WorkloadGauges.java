package io.sidecaroperator.operator.progress;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.rollout.SyncState;
import java.util.Locale;
import java.util.Optional;

/** Metrics of the workloads: one gauge for each sync state and each reason that it can have. */
public final class WorkloadGauges {
    private WorkloadGauges() {}

    /** Registers gauges that read the observation store. */
    public static void register(ObservationStore observations, MeterRegistry metrics) {
        Gauge.builder("sidecar_operator_workloads_in_flight", observations, ObservationStore::rollingOut)
                .description("Workloads that the operator has changed and that have still to show that they run well")
                .register(metrics);
        for (SyncState syncState : SyncState.values()) {
            gauge(observations, metrics, new ObservationStore.Cause(syncState, Optional.empty()));
            for (Reason reason : Reason.values()) {
                if (fits(syncState, reason)) {
                    gauge(observations, metrics, new ObservationStore.Cause(syncState, Optional.of(reason)));
                }
            }
        }
    }

    private static boolean fits(SyncState syncState, Reason reason) {
        if (reason == Reason.RevisionFailed) {
            return syncState != SyncState.ORPHANED; // A failed write is reported whatever the sync state is.
        }
        return switch (syncState) {
            case REFUSED -> reason.kind() == Reason.Kind.REFUSE;
            case SKIPPED -> reason.kind() == Reason.Kind.SKIP;
            case ORPHANED -> reason.keepsParts();
            case LEAVING -> reason.kind() == Reason.Kind.REFUSE && !reason.ofEngine();
            case OUTDATED -> reason.kind() == Reason.Kind.HOLD;
            case INJECTED -> false;
        };
    }

    private static void gauge(ObservationStore observations, MeterRegistry metrics, ObservationStore.Cause cause) {
        Gauge.builder("sidecar_operator_workloads", observations, store -> store.count(cause))
                .description("Workloads by their state under a policy")
                .tag("standing", cause.syncState().name().toLowerCase(Locale.ROOT))
                .tag("reason", cause.reason().map(Reason::name).orElse(""))
                .register(metrics);
    }
}

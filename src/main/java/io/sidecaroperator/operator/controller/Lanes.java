package io.sidecaroperator.operator.controller;

import io.sidecaroperator.core.model.WorkloadRef;
import java.util.Collection;
import java.util.List;

/** Every kind of workload that is looked after: whoever has something to look at need not know of which kind it is. */
final class Lanes {
    private final List<Lane> lanes;

    Lanes(Collection<? extends Lane> lanes) {
        this.lanes = List.copyOf(lanes);
    }

    /** Has these workloads looked at soon. */
    void requeue(Collection<WorkloadRef> workloads) {
        for (WorkloadRef workload : workloads) {
            for (Lane lane : lanes) {
                if (lane.kind().isOf(workload)) {
                    lane.requeue(workload);
                }
            }
        }
    }
}

package io.sidecaroperator.operator.controller;

import io.sidecaroperator.core.model.WorkloadRef;
import java.util.Collection;
import java.util.List;

/** Every kind of workload that is looked after: whoever has something to look at need not know of which kind it is. */
final class WorkloadQueues {
    private final List<WorkloadQueue> queues;

    WorkloadQueues(Collection<? extends WorkloadQueue> queues) {
        this.queues = List.copyOf(queues);
    }

    /** Has these workloads looked at soon. */
    void requeue(Collection<WorkloadRef> workloads) {
        for (WorkloadRef workload : workloads) {
            for (WorkloadQueue queue : queues) {
                if (queue.kind().isOf(workload)) {
                    queue.requeue(workload);
                }
            }
        }
    }
}

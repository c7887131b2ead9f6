package io.sidecaroperator.operator.controller;

import io.sidecaroperator.core.model.WorkloadRef;
import java.util.Collection;
import java.util.List;

/** The work queues of all workload kinds. Callers need not know the kind of a workload. */
final class WorkloadQueues {
    private final List<WorkloadQueue> queues;

    WorkloadQueues(Collection<? extends WorkloadQueue> queues) {
        this.queues = List.copyOf(queues);
    }

    /** Enqueues these workloads. */
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

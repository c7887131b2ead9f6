package io.sidecaroperator.operator.controller;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.WorkloadKind;

/** The workloads of one kind on their way to being looked at. */
interface WorkloadQueue {
    /** The kind. */
    WorkloadKind kind();

    /** Has a workload of this kind looked at soon. */
    void requeue(WorkloadRef workload);
}

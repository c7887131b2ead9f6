package io.sidecaroperator.operator.controller;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.WorkloadKind;

/** The work queue of one workload kind. */
interface WorkloadQueue {
    /** Returns the kind. */
    WorkloadKind kind();

    /** Enqueues a workload of this kind. */
    void requeue(WorkloadRef workload);
}

package io.sidecaroperator.controller;

import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.workload.WorkloadKind;

/** The workloads of one kind on their way to being looked at. */
interface Lane {
    /** The kind. */
    WorkloadKind kind();

    /** Has a workload of this kind looked at soon. */
    void requeue(WorkloadRef workload);
}

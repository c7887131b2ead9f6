package io.sidecaroperator.core.workload;

import com.fasterxml.jackson.databind.JsonNode;

/** How many pods are replaced when the template of a workload changes. */
public final class Restarts {
    private Restarts() {}

    /** The pods that a new template replaces by itself. 0 where the owner replaces them, or where there are no pods. */
    public static int of(WorkloadKind kind, JsonNode object) {
        if (RolloutState.of(kind, object) == RolloutState.DEFERRED) {
            return 0;
        }
        JsonNode spec = object.path("spec");
        if (kind.equals(WorkloadKind.DAEMON_SET)) {
            return object.path("status").path("desiredNumberScheduled").asInt(0);
        }
        int partition = kind.equals(WorkloadKind.STATEFUL_SET)
                ? spec.path("updateStrategy")
                        .path("rollingUpdate")
                        .path("partition")
                        .asInt(0)
                : 0;
        return Math.max(0, spec.path("replicas").asInt(1) - partition);
    }
}

package io.sidecaroperator.cluster;

import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.workload.WorkloadKind;

/**
 * Where the API server serves a kind of workload.
 *
 * @param version as in {@code v1}
 * @param resource as in {@code deployments}
 */
public record WorkloadPlace(WorkloadKind kind, String version, String resource) {
    /** The {@code apiVersion} of its objects. */
    public String apiVersion() {
        return kind.group() + "/" + version;
    }

    /** Group and resource as the API server's own messages name them, as in {@code deployments.apps}. */
    public String qualified() {
        return resource + "." + kind.group();
    }

    String path(WorkloadRef workload) {
        return "/apis/" + apiVersion() + "/namespaces/" + workload.namespace() + "/" + resource + "/" + workload.name();
    }
}

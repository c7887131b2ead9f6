package io.sidecaroperator.admission;

import io.sidecaroperator.workload.WorkloadKind;
import java.util.List;

/**
 * A kind of workload as admission meets it.
 *
 * @param kind where its template is
 * @param version of the API, {@code v1}
 * @param plural the name of the resource, {@code deployments}
 * @param changes whether its template can change after creation
 */
public record WorkloadResource(WorkloadKind kind, String version, String plural, boolean changes) {
    /** Kubernetes' own. */
    public static final List<WorkloadResource> BUILT_IN = List.of(
            changing("apps", "Deployment", "deployments"),
            changing("apps", "StatefulSet", "statefulsets"),
            changing("apps", "DaemonSet", "daemonsets"),
            changing("apps", "ReplicaSet", "replicasets"),
            changing("batch", "CronJob", "cronjobs"),
            new WorkloadResource(kind("batch", "Job"), "v1", "jobs", false));

    private static WorkloadResource changing(String group, String kind, String plural) {
        return new WorkloadResource(kind(group, kind), "v1", plural, true);
    }

    private static WorkloadKind kind(String group, String kind) {
        return WorkloadKind.ALL.stream()
                .filter(known -> known.group().equals(group) && known.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }
}

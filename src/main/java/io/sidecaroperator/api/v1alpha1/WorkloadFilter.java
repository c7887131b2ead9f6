package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code spec.workloads}: narrows a policy to some kinds and names. */
public class WorkloadFilter {
    @JsonPropertyDescription("Kinds of workloads; all when left out.")
    public @Nullable List<WorkloadKindName> kinds;

    @JsonPropertyDescription("Names of workloads, in which * stands for any characters (web-*); all when left out.")
    public @Nullable List<String> names;

    /** The kinds that can be named. */
    public enum WorkloadKindName {
        Pod,
        Deployment,
        StatefulSet,
        DaemonSet,
        ReplicaSet,
        ReplicationController,
        Job,
        CronJob
    }
}

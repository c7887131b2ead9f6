package io.sidecaroperator.cli.cluster;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the API server serves a kind of workload.
 *
 * @param version as in {@code v1}
 * @param resource as in {@code deployments}
 */
public record WorkloadPlace(WorkloadKind kind, String version, String resource) {
    /** The kinds of Kubernetes that the reconciler changes. */
    static final List<WorkloadPlace> RECONCILED = List.of(
            new WorkloadPlace(WorkloadKind.CRON_JOB, "v1", "cronjobs"),
            new WorkloadPlace(WorkloadKind.DAEMON_SET, "v1", "daemonsets"),
            new WorkloadPlace(WorkloadKind.DEPLOYMENT, "v1", "deployments"),
            new WorkloadPlace(WorkloadKind.REPLICA_SET, "v1", "replicasets"),
            new WorkloadPlace(WorkloadKind.STATEFUL_SET, "v1", "statefulsets"));

    /** Other kinds that users ask about. The operator does not change them once they are stored. */
    private static final List<WorkloadPlace> OTHERS = List.of(
            new WorkloadPlace(WorkloadKind.POD, "v1", "pods"),
            new WorkloadPlace(WorkloadKind.JOB, "v1", "jobs"),
            new WorkloadPlace(WorkloadKind.REPLICATION_CONTROLLER, "v1", "replicationcontrollers"));

    /** Returns where one of Kubernetes' own kinds is served. */
    static Optional<WorkloadPlace> of(WorkloadKind kind) {
        return Stream.concat(RECONCILED.stream(), OTHERS.stream())
                .filter(place -> place.kind.equals(kind))
                .findFirst();
    }

    /** Returns the {@code apiVersion} of its objects. */
    public String apiVersion() {
        return kind.group().isEmpty() ? version : kind.group() + "/" + version;
    }

    /** Returns group and resource as the API server's own messages name them, as in {@code deployments.apps}. */
    public String qualified() {
        return kind.group().isEmpty() ? resource : resource + "." + kind.group();
    }

    /** Returns the path under which the objects of a namespace are listed. */
    String collection(String namespace) {
        String root = kind.group().isEmpty() ? "/api/" : "/apis/";
        return root + apiVersion() + "/namespaces/" + namespace + "/" + resource;
    }

    String path(WorkloadRef workload) {
        return collection(workload.namespace()) + "/" + workload.name();
    }
}

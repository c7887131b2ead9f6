package io.sidecaroperator.operator.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.sidecaroperator.core.workload.CustomKind;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.operator.progress.ObservationStore;
import io.sidecaroperator.operator.watch.OperatorScope;
import io.sidecaroperator.operator.write.WorkloadEvents;
import io.sidecaroperator.operator.write.Writer;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The reconcilers of all workload kinds.
 *
 * @param builtIn those of Kubernetes' own kinds
 * @param custom those of the kinds that only the configuration names
 */
record WorkloadReconcilers(List<WorkloadReconciler<?>> builtIn, List<DynamicKindController> custom) {
    /** The kinds of Kubernetes that are reconciled. Jobs and bare Pods cannot be changed once they exist. */
    private static final List<WorkloadKind> BUILT_IN = List.of(
            WorkloadKind.DEPLOYMENT,
            WorkloadKind.STATEFUL_SET,
            WorkloadKind.DAEMON_SET,
            WorkloadKind.CRON_JOB,
            WorkloadKind.REPLICA_SET);

    /** Returns the kinds that are reconciled: the built-in ones and those of the configuration. */
    static List<WorkloadKind> kinds(Collection<CustomKind> custom) {
        return Stream.concat(BUILT_IN.stream(), custom.stream().map(CustomKind::kind))
                .toList();
    }

    /** Creates a reconciliation for each kind. All of them share the same sources. */
    record Reconciliations(
            WorkloadReconciliation.Sources sources, ObservationStore observations, WorkloadEvents events) {
        <R extends HasMetadata> WorkloadReconciliation<R> of(
                WorkloadKind kind, WorkloadReconciliation.Patcher<R> patcher) {
            return new WorkloadReconciliation<>(
                    kind, sources, observations, new WorkloadReconciliation.Output<>(patcher, events));
        }
    }

    /** Returns the reconcilers of a scope. */
    static WorkloadReconcilers of(
            KubernetesClient client, OperatorScope scope, Reconciliations reconciliations, Writer writer) {
        List<DynamicKindController> custom = scope.kinds().custom().stream()
                .map(kind -> {
                    CustomKindApi api = new CustomKindApi(client, kind, scope.namespaces(), writer);
                    return new DynamicKindController(
                            api, reconciliations.of(kind.kind(), api), reconciliations.observations());
                })
                .toList();
        return new WorkloadReconcilers(builtIn(reconciliations, writer), custom);
    }

    private static List<WorkloadReconciler<?>> builtIn(Reconciliations reconciliations, Writer writer) {
        WorkloadEventSource.Start start = new WorkloadEventSource.Start(
                reconciliations.observations(),
                reconciliations.sources().policies().loaded());
        return List.of(
                new WorkloadReconciler.Deployments(reconciliations.of(WorkloadKind.DEPLOYMENT, writer::patch), start),
                new WorkloadReconciler.StatefulSets(
                        reconciliations.of(WorkloadKind.STATEFUL_SET, writer::patch), start),
                new WorkloadReconciler.DaemonSets(reconciliations.of(WorkloadKind.DAEMON_SET, writer::patch), start),
                new WorkloadReconciler.CronJobs(reconciliations.of(WorkloadKind.CRON_JOB, writer::patch), start),
                new WorkloadReconciler.ReplicaSets(reconciliations.of(WorkloadKind.REPLICA_SET, writer::patch), start));
    }

    /** Returns the queues of all reconcilers. */
    WorkloadQueues queues() {
        return new WorkloadQueues(
                Stream.concat(builtIn.stream(), custom.stream()).toList());
    }

    /** From now on, workloads are changed. Before, they are only watched. */
    void lead() {
        builtIn.forEach(WorkloadReconciler::lead);
        custom.forEach(DynamicKindController::lead);
    }
}

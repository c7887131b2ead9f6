package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.CronJobResource;
import io.sidecaroperator.core.workload.DaemonSetResource;
import io.sidecaroperator.core.workload.DeploymentResource;
import io.sidecaroperator.core.workload.ReplicaSetResource;
import io.sidecaroperator.core.workload.StatefulSetResource;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reconciles the workloads of one kind. An event costs one workload. Status events count too, because they show when a
 * rollout is complete. A subclass names the kind; JOSDK reads the class of the resource from it.
 */
@ControllerConfiguration(
        informer = @Informer(comparableResourceVersions = false),
        generationAwareEventProcessing = false,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
abstract class WorkloadReconciler<R extends CustomResource<JsonNode, JsonNode>>
        implements Reconciler<R>, WorkloadQueue {
    /** The size of a page of the list: one answer with all workloads would be most of the operator's memory. */
    private static final long AT_A_TIME = 200;

    private final Class<R> type;
    private final WorkloadReconciliation<R> reconciliation;
    private final WorkloadEventSource.Start start;
    private @Nullable WorkloadEventSource<R> queue;

    private WorkloadReconciler(
            Class<R> type, WorkloadReconciliation<R> reconciliation, WorkloadEventSource.Start start) {
        this.type = type;
        this.reconciliation = reconciliation;
        this.start = start;
    }

    static final class Deployments extends WorkloadReconciler<DeploymentResource> {
        Deployments(WorkloadReconciliation<DeploymentResource> reconciliation, WorkloadEventSource.Start start) {
            super(DeploymentResource.class, reconciliation, start);
        }
    }

    static final class StatefulSets extends WorkloadReconciler<StatefulSetResource> {
        StatefulSets(WorkloadReconciliation<StatefulSetResource> reconciliation, WorkloadEventSource.Start start) {
            super(StatefulSetResource.class, reconciliation, start);
        }
    }

    static final class DaemonSets extends WorkloadReconciler<DaemonSetResource> {
        DaemonSets(WorkloadReconciliation<DaemonSetResource> reconciliation, WorkloadEventSource.Start start) {
            super(DaemonSetResource.class, reconciliation, start);
        }
    }

    static final class CronJobs extends WorkloadReconciler<CronJobResource> {
        CronJobs(WorkloadReconciliation<CronJobResource> reconciliation, WorkloadEventSource.Start start) {
            super(CronJobResource.class, reconciliation, start);
        }
    }

    /**
     * Reconciles ReplicaSets without a controller, which people create by hand. ReplicaSets of Deployments are about
     * ten times as many and are not even cached.
     */
    static final class ReplicaSets extends WorkloadReconciler<ReplicaSetResource> {
        ReplicaSets(WorkloadReconciliation<ReplicaSetResource> reconciliation, WorkloadEventSource.Start start) {
            super(ReplicaSetResource.class, reconciliation, start);
        }

        @Override
        void configure(ControllerConfigurationOverrider<ReplicaSetResource> overrider, boolean allNamespaces) {
            super.configure(overrider, allNamespaces);
            overrider.withGenericFilter(this::isSelected);
            // With a list of namespaces, JOSDK would share one store between their watches, and each watch would empty
            // it.
            if (allNamespaces) {
                overrider.withItemStore(new WithoutController());
            }
        }

        @Override
        boolean isSelected(ReplicaSetResource set) {
            return !hasController(set);
        }
    }

    @Override
    public final WorkloadKind kind() {
        return reconciliation.kind();
    }

    /** Sets what differs between the controllers. */
    void configure(ControllerConfigurationOverrider<R> overrider, boolean allNamespaces) {
        overrider.withName(io.fabric8.kubernetes.api.model.HasMetadata.getPlural(type));
        overrider.withInformerListLimit(AT_A_TIME);
    }

    @Override
    public final List<EventSource<?, R>> prepareEventSources(EventSourceContext<R> context) {
        queue = new WorkloadEventSource<>(type, context.getPrimaryCache(), start, reconciliation, this::isSelected);
        return List.of(queue);
    }

    /** Whether an object of the kind is reconciled at all. */
    boolean isSelected(R resource) {
        return true;
    }

    /**
     * From now on, workloads are changed. Workloads that came while this process was not the leader are reconciled
     * first, too.
     */
    final void lead() {
        if (queue != null && queue.isRunning()) {
            queue.expectAll();
        }
    }

    @Override
    public final void requeue(WorkloadRef workload) {
        queue().requeue(workload.namespace(), workload.name());
    }

    @Override
    public final UpdateControl<R> reconcile(R resource, Context<R> context) {
        Optional<Duration> again = reconciliation.run(resource);
        if (!queue().shows(resource)) {
            // The workload was deleted during its reconciliation. The deletion event came before, so the observation is
            // removed again here.
            reconciliation.forget(queue().refOf(resource));
            return UpdateControl.noUpdate();
        }
        UpdateControl<R> control = UpdateControl.noUpdate();
        return again.map(control::rescheduleAfter).orElse(control);
    }

    /** Returns the queue, which exists once the controller is registered. */
    private WorkloadEventSource<R> queue() {
        if (queue == null) {
            throw new IllegalStateException("the controller is not registered yet");
        }
        return queue;
    }

    private static boolean hasController(ReplicaSetResource set) {
        return set.getMetadata().getOwnerReferences().stream()
                .map(OwnerReference::getController)
                .anyMatch(Boolean.TRUE::equals);
    }

    /** Keeps only the ReplicaSets without a controller, which are few. */
    private static final class WithoutController extends BasicItemStore<ReplicaSetResource> {
        WithoutController() {
            super(Cache::metaNamespaceKeyFunc);
        }

        @Override
        public @Nullable ReplicaSetResource put(String key, ReplicaSetResource set) {
            return hasController(set) ? remove(key) : super.put(key, set);
        }
    }
}

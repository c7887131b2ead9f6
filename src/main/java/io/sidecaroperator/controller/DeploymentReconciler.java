package io.sidecaroperator.controller;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.sidecaroperator.workload.DeploymentResource;
import io.sidecaroperator.workload.WorkloadKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Deployments are reconciled for their own sake: an event costs one Deployment. Status events count too, since they tell
 * when a rollout is complete.
 */
@ControllerConfiguration(
        name = "deployments",
        informer = @Informer(comparableResourceVersions = false),
        generationAwareEventProcessing = false,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
final class DeploymentReconciler implements Reconciler<DeploymentResource> {
    private final WorkloadPass pass;
    private final WorkloadQueue.Start start;
    private @Nullable WorkloadQueue<DeploymentResource> queue;

    DeploymentReconciler(WorkloadPass pass, WorkloadQueue.Start start) {
        this.pass = pass;
        this.start = start;
    }

    @Override
    public List<EventSource<?, DeploymentResource>> prepareEventSources(
            EventSourceContext<DeploymentResource> context) {
        queue = new WorkloadQueue<>(
                DeploymentResource.class, WorkloadKind.DEPLOYMENT, context.getPrimaryCache(), start);
        return List.of(queue);
    }

    /** The queue; there is one once the controller is registered. */
    WorkloadQueue<DeploymentResource> queue() {
        if (queue == null) {
            throw new IllegalStateException("the controller is not registered yet");
        }
        return queue;
    }

    @Override
    public UpdateControl<DeploymentResource> reconcile(
            DeploymentResource resource, Context<DeploymentResource> context) {
        Optional<Duration> again = pass.run(resource);
        if (!queue().shows(resource)) {
            // It went while it was looked at: the watch's word came first, and must be the last.
            pass.forget(queue().refOf(resource));
            return UpdateControl.noUpdate();
        }
        UpdateControl<DeploymentResource> control = UpdateControl.noUpdate();
        return again.map(control::rescheduleAfter).orElse(control);
    }
}

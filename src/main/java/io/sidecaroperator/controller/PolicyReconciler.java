package io.sidecaroperator.controller;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.sidecaroperator.engine.PolicyKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Policies get their finalizer and their status here. The framework's own finalizer is not used: on a race it replaces
 * the whole list, and reads the object, which the operator has no permission for. So a deletion is an event like others.
 */
@ControllerConfiguration(
        name = "sidecarpolicies",
        informer = @Informer(comparableResourceVersions = false),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
final class PolicyReconciler implements Reconciler<SidecarPolicyResource> {
    private static final long REVIVE_MILLIS = 500;

    private final PolicyPass pass;
    private final Policies policies;
    private final Consumer<PolicyKey> changed;
    private @Nullable PolicyQueue queue;

    /**
     * @param changed who is told of a policy that means something else to workloads than before
     */
    PolicyReconciler(PolicyPass pass, Policies policies, Consumer<PolicyKey> changed) {
        this.pass = pass;
        this.policies = policies;
        this.changed = changed;
    }

    @Override
    public List<EventSource<?, SidecarPolicyResource>> prepareEventSources(
            EventSourceContext<SidecarPolicyResource> context) {
        queue = new PolicyQueue(context.getPrimaryCache(), policies, changed);
        return List.of(queue);
    }

    /** The queue; there is one once the controller is registered. */
    PolicyQueue queue() {
        if (queue == null) {
            throw new IllegalStateException("the controller is not registered yet");
        }
        return queue;
    }

    @Override
    public UpdateControl<SidecarPolicyResource> reconcile(
            SidecarPolicyResource resource, Context<SidecarPolicyResource> context) {
        PolicyKey key = Policies.keyOf(resource.getMetadata());
        Optional<SidecarPolicyResource> latest = queue().latest(key);
        Optional<Duration> again = latest.flatMap(pass::run);
        if (latest.isEmpty()) {
            pass.forget(key);
        }
        if (context.isPrimaryResourceDeleted()) {
            CompletableFuture.delayedExecutor(REVIVE_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> queue().revive(key));
            return UpdateControl.noUpdate();
        }
        UpdateControl<SidecarPolicyResource> control = UpdateControl.noUpdate();
        return again.map(control::rescheduleAfter).orElse(control);
    }
}

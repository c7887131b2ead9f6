package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.operator.watch.ClusterSidecarPolicyResource;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.operator.watch.Policies;
import io.sidecaroperator.operator.watch.SidecarPolicyResource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reconciles the finalizer and the status of policies. JOSDK's own finalizer is not used. On a race it replaces the
 * whole list, and it reads the object, for which the operator has no permission. So a deletion is an event like others.
 */
@ControllerConfiguration(
        informer = @Informer(comparableResourceVersions = false),
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
abstract class PolicyReconciler<P extends CustomResource<JsonNode, JsonNode>> implements Reconciler<P> {
    private static final long REVIVE_MILLIS = 500;

    private final Class<P> type;
    private final Policies.Scope scope;
    private final Shared shared;
    private @Nullable PolicyQueue<P> queue;

    private PolicyReconciler(Class<P> type, Policies.Scope scope, Shared shared) {
        this.type = type;
        this.scope = scope;
        this.shared = shared;
    }

    /**
     * What the reconcilers of both scopes share.
     *
     * @param changed called for a policy whose change may concern workloads
     */
    record Shared(PolicyReconciliation reconciliation, Policies policies, Consumer<PolicyKey> changed) {}

    /** Returns a reconciler for the policies of namespaces and one for those of the cluster. */
    static List<PolicyReconciler<?>> ofBothScopes(Shared shared) {
        return List.of(new OfNamespaces(shared), new OfCluster(shared));
    }

    static final class OfNamespaces extends PolicyReconciler<SidecarPolicyResource> {
        OfNamespaces(Shared shared) {
            super(SidecarPolicyResource.class, Policies.Scope.NAMESPACES, shared);
        }
    }

    static final class OfCluster extends PolicyReconciler<ClusterSidecarPolicyResource> {
        OfCluster(Shared shared) {
            super(ClusterSidecarPolicyResource.class, Policies.Scope.CLUSTER, shared);
        }
    }

    /** Returns the name of the controller, also used in metrics. */
    final String name() {
        return HasMetadata.getPlural(type);
    }

    /** Returns the scope of its policies. */
    final Policies.Scope scope() {
        return scope;
    }

    @Override
    public final List<EventSource<?, P>> prepareEventSources(EventSourceContext<P> context) {
        queue = new PolicyQueue<>(type, scope, context.getPrimaryCache(), shared.policies(), shared.changed());
        return List.of(queue);
    }

    /** Returns the queue, which exists once the controller is registered. */
    final PolicyQueue<P> queue() {
        if (queue == null) {
            throw new IllegalStateException("the controller is not registered yet");
        }
        return queue;
    }

    @Override
    public final UpdateControl<P> reconcile(P resource, Context<P> context) {
        PolicyKey key = KnownPolicy.keyOf(resource.getMetadata());
        Optional<P> latest = queue().latest(key);
        Optional<Duration> again = latest.flatMap(shared.reconciliation()::run);
        if (latest.isEmpty()) {
            shared.reconciliation().forget(key);
        }
        if (context.isPrimaryResourceDeleted()) {
            CompletableFuture.delayedExecutor(REVIVE_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> queue().revive(key));
            return UpdateControl.noUpdate();
        }
        UpdateControl<P> control = UpdateControl.noUpdate();
        return again.map(control::rescheduleAfter).orElse(control);
    }
}

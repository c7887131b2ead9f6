package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.operator.watch.Policies;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The work queue of policies. It also updates the policy index: a policy's event changes the index in the watch's own
 * thread, before the workloads that it concerns are enqueued.
 */
final class PolicyQueue<P extends CustomResource<JsonNode, JsonNode>> extends Requeue<P> {
    private final Policies.Scope scope;
    private final IndexerResourceCache<P> cache;
    private final Policies policies;
    private final Consumer<PolicyKey> changed;
    private volatile boolean loaded;

    PolicyQueue(
            Class<P> type,
            Policies.Scope scope,
            IndexerResourceCache<P> cache,
            Policies policies,
            Consumer<PolicyKey> changed) {
        super(type, "observations");
        this.scope = scope;
        this.cache = cache;
        this.policies = policies;
        this.changed = changed;
    }

    @Override
    public void start() throws OperatorException {
        super.start();
        // From here on, events are processed. No event may be lost between the list and the first event.
        loaded = true;
        policies.load(scope, () -> cache.list(policy -> true).toList());
    }

    /**
     * Reconciles a policy again even if JOSDK has lost track of it. JOSDK drops an event that adds an object while it
     * is busy with the deletion of an object of the same name.
     */
    void revive(PolicyKey key) {
        latest(key).ifPresent(policy -> {
            if (isRunning()) {
                getEventHandler().handleEvent(new ResourceEvent(ResourceAction.ADDED, idOf(key), policy));
            }
        });
    }

    /** Returns the policy as the watch shows it now. */
    Optional<P> latest(PolicyKey key) {
        return cache.get(idOf(key));
    }

    @Override
    public void onResourceCreated(P policy) {
        see(policy);
    }

    @Override
    public void onResourceUpdated(P policy, P before) {
        see(policy);
    }

    @Override
    public void onResourceDeleted(P policy) {
        see(policy);
    }

    /** Events are delivered one after the other and late. So this reads what the watch shows now. */
    private void see(P seen) {
        if (!loaded) {
            return;
        }
        PolicyKey key = KnownPolicy.keyOf(seen.getMetadata());
        policies.whileChanging(key, () -> {
            boolean news = latest(key).map(policies::put).orElseGet(() -> policies.remove(key));
            if (news) {
                changed.accept(key);
            }
        });
    }

    private static ResourceID idOf(PolicyKey key) {
        return idOf(key.namespace(), key.name());
    }
}

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
 * The queue of policies. It keeps the book: a policy's event changes the book in the watch's own thread, and only then
 * are the workloads it concerns put into their queue.
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
        super(type, "ledger");
        this.scope = scope;
        this.cache = cache;
        this.policies = policies;
        this.changed = changed;
    }

    @Override
    public void start() throws OperatorException {
        super.start();
        // From here on events are heeded: none may be lost between the list and the first of them.
        loaded = true;
        policies.load(scope, () -> cache.list(policy -> true).toList());
    }

    /**
     * Lets the controller look at a policy even if the framework has lost track of it: it drops an event that adds an
     * object while it is busy with the deletion of one of the same name.
     */
    void revive(PolicyKey key) {
        latest(key).ifPresent(policy -> {
            if (isRunning()) {
                getEventHandler().handleEvent(new ResourceEvent(ResourceAction.ADDED, idOf(key), policy));
            }
        });
    }

    /** The policy as the watch shows it now. */
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

    /** Events are told one after the other and late; what counts is what the watch shows now. */
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

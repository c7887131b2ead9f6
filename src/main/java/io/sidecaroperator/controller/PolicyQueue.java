package io.sidecaroperator.controller;

import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.sidecaroperator.engine.PolicyKey;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The queue of policies. It keeps the book: a policy's event changes the book in the watch's own thread, and only then
 * are the workloads it concerns put into their queue.
 */
final class PolicyQueue extends Requeue<SidecarPolicyResource> {
    private final IndexerResourceCache<SidecarPolicyResource> cache;
    private final Policies policies;
    private final Consumer<PolicyKey> changed;

    PolicyQueue(IndexerResourceCache<SidecarPolicyResource> cache, Policies policies, Consumer<PolicyKey> changed) {
        super(SidecarPolicyResource.class, "ledger");
        this.cache = cache;
        this.policies = policies;
        this.changed = changed;
    }

    @Override
    public void start() throws OperatorException {
        super.start();
        policies.load(cache.list(policy -> true).toList());
    }

    /** Lets the controller look at these policies soon. */
    void requeue(Collection<PolicyKey> keys) {
        keys.forEach(key -> requeue(key.namespace(), key.name()));
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
    Optional<SidecarPolicyResource> latest(PolicyKey key) {
        return cache.get(idOf(key));
    }

    @Override
    public void onResourceCreated(SidecarPolicyResource policy) {
        see(policy);
    }

    @Override
    public void onResourceUpdated(SidecarPolicyResource policy, SidecarPolicyResource before) {
        see(policy);
    }

    @Override
    public void onResourceDeleted(SidecarPolicyResource policy) {
        see(policy);
    }

    /** Events are told one after the other and late; what counts is what the watch shows now. */
    private void see(SidecarPolicyResource seen) {
        if (!policies.loaded().isDone()) {
            return;
        }
        PolicyKey key = Policies.keyOf(seen.getMetadata());
        boolean news = latest(key).map(policies::put).orElseGet(() -> policies.remove(key));
        if (news) {
            changed.accept(key);
        }
    }

    private static ResourceID idOf(PolicyKey key) {
        return new ResourceID(key.name(), key.namespace());
    }
}

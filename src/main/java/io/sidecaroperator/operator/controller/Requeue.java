package io.sidecaroperator.operator.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.EventHandler;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.Set;

/**
 * Enqueues resources into a controller's queue from outside. It also sees the controller's own watch events in the
 * watch's thread, before any reconciliation of them.
 */
abstract class Requeue<R extends HasMetadata> extends AbstractEventSource<R, R> implements ResourceEventAware<R> {
    Requeue(Class<R> type, String name) {
        super(type, name);
    }

    /** Enqueues a resource. A resource that the watch has not shown is left out. */
    void requeue(String namespace, String name) {
        EventHandler handler = getEventHandler();
        if (isRunning() && handler != null) {
            handler.handleEvent(new Event(idOf(namespace, name)));
        }
    }

    /** Returns JOSDK's identifier of a resource; {@code namespace} is empty for a cluster-scoped resource. */
    static ResourceID idOf(String namespace, String name) {
        return namespace.isEmpty() ? new ResourceID(name) : new ResourceID(name, namespace);
    }

    /** Always empty: the queue only names the resource to reconcile and has no data for it. */
    @Override
    public Set<R> getSecondaryResources(R primary) {
        return Set.of();
    }
}

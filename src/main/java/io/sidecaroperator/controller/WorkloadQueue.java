package io.sidecaroperator.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.workload.WorkloadKind;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The queue of one workload kind: held shut until every policy is known, so that nobody is judged by half the book. */
final class WorkloadQueue<R extends HasMetadata> extends Requeue<R> {
    private final WorkloadKind kind;
    private final IndexerResourceCache<R> cache;
    private final Ledger ledger;
    private final CompletableFuture<Void> policiesLoaded;
    private final Consumer<WorkloadRef> gone;

    WorkloadQueue(Class<R> type, WorkloadKind kind, IndexerResourceCache<R> cache, Start start) {
        super(type, "policies-and-namespaces");
        this.kind = kind;
        this.cache = cache;
        this.ledger = start.ledger();
        this.policiesLoaded = start.policiesLoaded();
        this.gone = start.gone();
    }

    /** What a queue needs to start, and whom it tells of workloads that are gone. */
    record Start(Ledger ledger, CompletableFuture<Void> policiesLoaded, Consumer<WorkloadRef> gone) {}

    @Override
    public void start() throws OperatorException {
        policiesLoaded.join();
        List<WorkloadRef> present = cache.list(resource -> !resource.isMarkedForDeletion())
                .map(this::refOf)
                .toList();
        ledger.begin(present);
        super.start();
    }

    /** Lets the controller look at these workloads soon. */
    void requeue(Collection<WorkloadRef> workloads) {
        workloads.forEach(ref -> requeue(ref.namespace(), ref.name()));
    }

    /** Whether the watch still shows the workload. */
    boolean shows(R resource) {
        return cache.get(io.javaoperatorsdk.operator.processing.event.ResourceID.fromResource(resource))
                .filter(shown -> !shown.isMarkedForDeletion())
                .isPresent();
    }

    @Override
    public void onResourceUpdated(R resource, R before) {
        if (resource.isMarkedForDeletion()) {
            gone.accept(refOf(resource));
        }
    }

    @Override
    public void onResourceDeleted(R resource) {
        gone.accept(refOf(resource));
    }

    WorkloadRef refOf(R resource) {
        return new WorkloadRef(
                kind.group(),
                kind.kind(),
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName());
    }
}

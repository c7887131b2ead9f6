package io.sidecaroperator.operator.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.operator.progress.ObservationStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** The queue of one workload kind: held shut until every policy is known, so that nobody is judged by half the book. */
final class WorkloadEventSource<R extends HasMetadata> extends Requeue<R> {
    private final IndexerResourceCache<R> cache;
    private final Start start;
    private final WorkloadReconciliation<R> reconciliation;
    private final Predicate<R> selected;

    /**
     * @param selected which of the watched objects are looked after at all
     */
    WorkloadEventSource(
            Class<R> type,
            IndexerResourceCache<R> cache,
            Start start,
            WorkloadReconciliation<R> reconciliation,
            Predicate<R> selected) {
        super(type, "policies-and-namespaces");
        this.cache = cache;
        this.start = start;
        this.reconciliation = reconciliation;
        this.selected = selected;
    }

    /** What every queue needs to start. */
    record Start(ObservationStore observations, CompletableFuture<Void> policiesLoaded) {}

    @Override
    public void start() throws OperatorException {
        start.policiesLoaded().join();
        expectAll();
        super.start();
    }

    /** No number is known before each workload that is there was looked at. */
    void expectAll() {
        List<R> present = cache.list(this::isThere).toList();
        start.observations()
                .begin(reconciliation.kind(), present.stream().map(this::refOf).toList());
        // One that went in between was forgotten before it was waited for.
        present.stream().filter(resource -> !shows(resource)).map(this::refOf).forEach(reconciliation::forget);
    }

    /** Whether the watch still shows the workload. */
    boolean shows(R resource) {
        return cache.get(ResourceID.fromResource(resource))
                .filter(this::isThere)
                .isPresent();
    }

    @Override
    public void onResourceUpdated(R resource, R before) {
        if (!isThere(resource)) {
            reconciliation.forget(refOf(resource));
        }
    }

    @Override
    public void onResourceDeleted(R resource) {
        reconciliation.forget(refOf(resource));
    }

    WorkloadRef refOf(R resource) {
        return new WorkloadRef(
                reconciliation.kind().group(),
                reconciliation.kind().kind(),
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName());
    }

    private boolean isThere(R resource) {
        return !resource.isMarkedForDeletion() && selected.test(resource);
    }
}

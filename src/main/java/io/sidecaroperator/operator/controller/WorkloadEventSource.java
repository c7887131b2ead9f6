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

/**
 * The work queue of one workload kind. It stays closed until every policy is known: a workload must not be decided with
 * half of the policy index.
 */
final class WorkloadEventSource<R extends HasMetadata> extends Requeue<R> {
    private final IndexerResourceCache<R> cache;
    private final Start start;
    private final WorkloadReconciliation<R> reconciliation;
    private final Predicate<R> selected;

    /**
     * @param selected which of the watched objects are reconciled
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

    /** The totals of a policy are unknown until each workload that exists now is reconciled. */
    void expectAll() {
        List<R> present = cache.list(this::isThere).toList();
        start.observations()
                .begin(reconciliation.kind(), present.stream().map(this::refOf).toList());
        // A workload that was deleted meanwhile was forgotten before the store began to wait for it. So it is forgotten
        // again.
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

package io.sidecaroperator.operator.controller;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.operator.progress.ObservationStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles the workloads of a kind that only the configuration names. JOSDK needs a class for each kind, so this
 * class has its own watch and its own work queue. The queue has one thread and reconciles one workload after the other.
 * A kind that the cluster does not serve yet is searched again later; other kinds do not wait for it.
 */
final class DynamicKindController implements WorkloadQueue {
    private static final Logger LOG = LoggerFactory.getLogger(DynamicKindController.class);
    private static final Duration SYNC_LIMIT = Duration.ofSeconds(10);
    private static final Duration NEXT_SEARCH = Duration.ofSeconds(10);
    private static final Duration RECONCILE_ALL = Duration.ofMinutes(10);
    private static final int LONGEST_PAUSE_SECONDS = 16;

    private final CustomKindApi api;
    private final WorkloadReconciliation<GenericKubernetesResource> reconciliation;
    private final ObservationStore observations;
    private final ScheduledThreadPoolExecutor thread;
    private final Set<WorkloadRef> waiting = ConcurrentHashMap.newKeySet();
    private final Map<WorkloadRef, Integer> failures = new HashMap<>();
    /**
     * The next reconciliation of each workload without an event. A workload has at most one, however many events come
     * before.
     */
    private final Map<WorkloadRef, ScheduledFuture<?>> appointments = new HashMap<>();

    private volatile List<SharedIndexInformer<GenericKubernetesResource>> informers = List.of();
    private volatile boolean open;
    private volatile boolean leading;

    DynamicKindController(
            CustomKindApi api,
            WorkloadReconciliation<GenericKubernetesResource> reconciliation,
            ObservationStore observations) {
        this.api = api;
        this.reconciliation = reconciliation;
        this.observations = observations;
        this.thread = new ScheduledThreadPoolExecutor(
                1, task -> daemon(task, reconciliation.kind()), new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public WorkloadKind kind() {
        return reconciliation.kind();
    }

    /**
     * Lists all workloads of the kind if the cluster serves it and answers in time. Otherwise the operator starts
     * without them.
     */
    void start() {
        Optional<String> obstacle = follow();
        if (obstacle.isPresent()) {
            LOG.warn("{} {} is not reconciled until it can be read: {}", kind().group(), kind().kind(), obstacle.get());
            observations.begin(kind(), List.of());
        }
        thread.scheduleWithFixedDelay(
                this::requeueAll, RECONCILE_ALL.toMillis(), RECONCILE_ALL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** From now on, workloads are changed. Before, they are only watched. */
    void lead() {
        leading = true;
        if (open) {
            expectAll();
        }
    }

    /** Ends the watch. A reconciliation that is running still finishes. */
    void stop() {
        thread.shutdown();
        informers.forEach(SharedIndexInformer::stop);
    }

    @Override
    public void requeue(WorkloadRef workload) {
        if (open && leading && waiting.add(workload)) {
            thread.execute(() -> reconcile(workload));
        }
    }

    /**
     * Starts the watch. Returns the reason when the kind cannot be read yet; the search for the kind and the watch go
     * on.
     */
    private Optional<String> follow() {
        Optional<String> obstacle = api.find();
        if (obstacle.isPresent()) {
            later(NEXT_SEARCH, this::follow);
            return obstacle;
        }
        informers = api.informers();
        CompletableFuture<?>[] started = informers.stream()
                .map(informer -> informer.exceptionHandler((synced, exception) -> true)
                        .addEventHandler(new Handler())
                        .start()
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> synced = CompletableFuture.allOf(started).thenRun(this::begin);
        try {
            synced.get(SYNC_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (TimeoutException e) {
            return Optional.of(
                    "the API server does not list " + api.resource() + ": may the operator list and watch them?");
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private void begin() {
        open = true;
        expectAll();
        LOG.info("{} {} is reconciled from now on", kind().group(), kind().kind());
    }

    /**
     * The totals of a policy are unknown until each of these workloads is reconciled. One that is deleted meanwhile is
     * reconciled too, and forgotten then.
     */
    private void expectAll() {
        List<WorkloadRef> present = refs();
        observations.begin(kind(), present);
        if (leading) {
            present.forEach(this::requeue);
        } else {
            present.stream().filter(ref -> shown(ref).isEmpty()).forEach(reconciliation::forget);
        }
    }

    private void requeueAll() {
        refs().forEach(this::requeue);
    }

    private List<WorkloadRef> refs() {
        return informers.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .filter(resource -> !resource.isMarkedForDeletion())
                .map(this::refOf)
                .toList();
    }

    private void reconcile(WorkloadRef ref) {
        waiting.remove(ref);
        Optional.ofNullable(appointments.remove(ref)).ifPresent(appointment -> appointment.cancel(false));
        Optional<GenericKubernetesResource> shown = shown(ref);
        if (shown.isEmpty()) {
            failures.remove(ref);
            reconciliation.forget(ref);
            return;
        }
        try {
            Optional<Duration> again = reconciliation.run(shown.get());
            failures.remove(ref);
            again.ifPresent(time -> reconcileAgain(ref, time));
        } catch (RuntimeException e) {
            int times = failures.merge(ref, 1, Integer::sum);
            LOG.warn("{} was not reconciled: {}", ref, e.getMessage());
            reconcileAgain(ref, Duration.ofSeconds(Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(times, 5))));
        }
    }

    private Optional<GenericKubernetesResource> shown(WorkloadRef ref) {
        String key = Cache.namespaceKeyFunc(ref.namespace(), ref.name());
        return informers.stream()
                .flatMap(informer -> Optional.ofNullable(informer.getStore().getByKey(key)).stream())
                .findFirst();
    }

    private void reconcileAgain(WorkloadRef ref, Duration time) {
        appointments.put(ref, later(time, () -> requeue(ref)));
    }

    private ScheduledFuture<?> later(Duration time, Runnable task) {
        return thread.schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private WorkloadRef refOf(GenericKubernetesResource resource) {
        return new WorkloadRef(
                kind().group(),
                kind().kind(),
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName());
    }

    private static Thread daemon(Runnable task, WorkloadKind kind) {
        Thread thread = new Thread(task, "workloads-" + kind.kind());
        thread.setDaemon(true);
        return thread;
    }

    private final class Handler implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource resource) {
            requeue(refOf(resource));
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource resource) {
            requeue(refOf(resource));
        }

        @Override
        public void onDelete(GenericKubernetesResource resource, boolean finalStateUnknown) {
            if (!leading) {
                reconciliation.forget(refOf(resource));
            }
            requeue(refOf(resource));
        }
    }
}

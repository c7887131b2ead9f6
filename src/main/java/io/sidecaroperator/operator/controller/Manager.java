package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.operator.progress.ObservationStore;
import io.sidecaroperator.operator.progress.UpdateCoordinator;
import io.sidecaroperator.operator.progress.WorkloadGauges;
import io.sidecaroperator.operator.watch.InputGatherer;
import io.sidecaroperator.operator.watch.Namespaces;
import io.sidecaroperator.operator.watch.OperatorScope;
import io.sidecaroperator.operator.watch.Pods;
import io.sidecaroperator.operator.write.EventRecorder;
import io.sidecaroperator.operator.write.PolicyEvents;
import io.sidecaroperator.operator.write.WorkloadEvents;
import io.sidecaroperator.operator.write.Writer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates and connects the reconcilers of one operator process and what they share, then starts them. */
public final class Manager {
    private static final Duration SYNC_LIMIT = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final Leadership leadership;
    private final EventRecorder recorder;
    private final Caches caches;
    private final WorkloadReconcilers workloads;
    private final Enqueuer enqueuer;
    private final JosdkSetup josdk;
    private volatile boolean started;

    public Manager(KubernetesClient client, OperatorScope scope, Clock clock, MeterRegistry metrics) {
        this(client, scope, Engine.CURRENT, clock, metrics);
    }

    /** The same with another engine, such as one of another build. */
    Manager(KubernetesClient client, OperatorScope scope, Engine engine, Clock clock, MeterRegistry metrics) {
        this.client = client;
        this.leadership = new Leadership(Leadership.Candidacy.of(scope), metrics);
        this.recorder = new EventRecorder(client, clock, metrics);
        Writer writer = new Writer(client, leadership::leading, metrics);
        this.caches = Caches.of(client, scope, writer, clock);
        ObservationStore observations = new ObservationStore(
                clock, WorkloadReconcilers.kinds(scope.kinds().custom()));
        this.enqueuer = new Enqueuer(caches.policies(), caches.namespaces(), observations);
        UpdateCoordinator updates = new UpdateCoordinator(observations, clock);

        PolicyReconciliation policyReconciliation = new PolicyReconciliation(
                new PolicyReconciliation.Sources(caches.policies(), caches.namespaces(), observations, clock),
                updates,
                enqueuer::enqueue,
                new PolicyReconciliation.Output(writer, caches.revisions(), new PolicyEvents(recorder)));
        List<PolicyReconciler<?>> policies = PolicyReconciler.ofBothScopes(
                new PolicyReconciler.Shared(policyReconciliation, caches.policies(), enqueuer::ofPolicy));

        InputGatherer input = new InputGatherer(caches.namespaces(), caches.limitRanges(), scope.server());
        WorkloadReconciliation.Sources sources = new WorkloadReconciliation.Sources(
                engine,
                caches.policies(),
                updates,
                caches.namespaces(),
                input,
                new Pods(client, writer),
                scope.kinds(),
                clock);
        this.workloads = WorkloadReconcilers.of(
                client,
                scope,
                new WorkloadReconcilers.Reconciliations(sources, observations, events(recorder, enqueuer)),
                writer);

        enqueuer.bind(workloads.queues(), new PolicyQueues(policies));
        caches.listen(enqueuer);
        observations.listen(enqueuer::ofObservations);
        WorkloadGauges.register(observations, metrics);
        this.josdk = josdk(client, scope, leadership, metrics, policies, workloads);
    }

    private static WorkloadEvents events(EventRecorder recorder, Enqueuer enqueuer) {
        return new WorkloadEvents(recorder, key -> enqueuer.latest(key).flatMap(PolicyReconciliation::currentStatus));
    }

    private static JosdkSetup josdk(
            KubernetesClient client,
            OperatorScope scope,
            Leadership leadership,
            MeterRegistry metrics,
            List<PolicyReconciler<?>> policies,
            WorkloadReconcilers workloads) {
        // Registered before JOSDK knows the lease, and so before the first reconciliation.
        leadership.onGain(workloads::lead);
        JosdkSetup josdk = new JosdkSetup(
                client, scope.namespaces(), new JosdkSetup.Timeouts(SYNC_LIMIT, STOP_LIMIT), leadership, metrics);
        policies.forEach(josdk::register);
        workloads.builtIn().forEach(josdk::register);
        return josdk;
    }

    /**
     * Fills the caches and starts to reconcile.
     *
     * @throws IllegalStateException with a sentence for a person when the cluster prevents the start
     */
    public void start() {
        try {
            caches.start(SYNC_LIMIT);
            josdk.start();
        } catch (RuntimeException e) {
            stop();
            throw new IllegalStateException("the operator cannot start: " + rootMessage(e), e);
        }
        List<String> unread = josdk.unread();
        if (!unread.isEmpty()) {
            String why = failure()
                    .orElse("are the CustomResourceDefinitions installed, and has its ServiceAccount its role?");
            stop();
            throw new IllegalStateException("the operator cannot read " + String.join(", ", unread) + ": " + why);
        }
        workloads.custom().forEach(DynamicKindController::start);
        started = true;
        enqueuer.enqueuePolicies(caches.policies().current().policies().keySet());
    }

    /** Finishes the running reconciliations and stops. The client stays open. */
    public void stop() {
        started = false;
        leadership.stopping();
        workloads.custom().forEach(DynamicKindController::stop);
        josdk.stop();
        leadership.release(client);
        caches.stop();
        recorder.stop(STOP_LIMIT);
    }

    /** Whether the caches are filled and everything that was started still runs. */
    public boolean ready() {
        return started && caches.synced() && josdk.isHealthy();
    }

    /** Returns why the process should end and start again: a watch has ended for good, or another process leads. */
    public Optional<String> failure() {
        return leadership.failure().or(josdk::failure);
    }

    /** Whether this process is the leader, which changes the cluster. */
    public boolean leading() {
        return leadership.leading();
    }

    /** Returns the index of the valid policies that are not being deleted. It is immutable. */
    public PolicyIndex policies() {
        return caches.policies().current().all();
    }

    /** Returns the labels of a namespace; empty when the watch has not shown the namespace. */
    public Optional<Map<String, String>> namespaceLabels(String namespace) {
        return caches.namespaces().state(namespace).map(Namespaces.KnownNamespace::labels);
    }

    /** Returns the specs of a namespace's LimitRanges. */
    public List<ObjectNode> limitRanges(String namespace) {
        return caches.limitRanges().in(namespace);
    }

    /** Whether a namespace is never touched: the operator's own, or one of the cluster itself. */
    public boolean isProtected(String namespace) {
        return caches.namespaces().isProtected(namespace);
    }

    private static String rootMessage(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}

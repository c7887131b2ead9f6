package io.sidecaroperator.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.sidecaroperator.engine.Engine;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.engine.PolicyBook;
import io.sidecaroperator.validate.Finding;
import io.sidecaroperator.validate.PolicyValidator;
import io.sidecaroperator.validate.Severity;
import io.sidecaroperator.workload.CustomKind;
import io.sidecaroperator.workload.WorkloadKind;
import io.sidecaroperator.workload.WorkloadKinds;
import io.sidecaroperator.yaml.BundledCrds;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The reconcilers of one operator process and what they share; the composition is all in this class's constructor. */
public final class Controllers {
    private static final Duration SYNC_LIMIT = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /** The kinds of Kubernetes that are reconciled; Jobs and bare Pods cannot be changed once they are there. */
    private static final List<WorkloadKind> BUILT_IN = List.of(
            WorkloadKind.DEPLOYMENT,
            WorkloadKind.STATEFUL_SET,
            WorkloadKind.DAEMON_SET,
            WorkloadKind.CRON_JOB,
            WorkloadKind.REPLICA_SET);

    private final Policies policies;
    private final Namespaces namespaces;
    private final LimitRanges limitRanges;
    private final Ledger ledger;
    private final Revisions revisions;
    private final EventRecorder recorder;
    private final List<CustomLane> customLanes;
    private final PolicyQueues policyQueues;
    private final Lanes lanes;
    private final Consequences consequences;
    private final Leadership leadership;
    private final Framework framework;
    private final KubernetesClient client;
    private volatile boolean started;

    /**
     * What the operator is responsible for.
     *
     * @param namespaces the namespaces to watch; empty for all
     * @param operatorNamespace its own, which is never touched
     * @param kinds the kinds of workloads; those of Kubernetes are looked after in any case
     * @param server version of the API server
     * @param lease what it needs to change anything; empty when it is alone
     */
    public record Scope(
            Set<String> namespaces,
            String operatorNamespace,
            WorkloadKinds kinds,
            KubernetesVersion server,
            Optional<LeaseClaim> lease) {
        public Scope {
            namespaces = Set.copyOf(namespaces);
        }

        /** The same for an operator that is alone. */
        public Scope(Set<String> namespaces, String operatorNamespace, WorkloadKinds kinds, KubernetesVersion server) {
            this(namespaces, operatorNamespace, kinds, server, Optional.empty());
        }
    }

    /**
     * A lease that only one process of an installation has at a time.
     *
     * @param name its name in the operator's own namespace
     * @param claimant what this process is called, for whoever reads the lease
     */
    public record LeaseClaim(String name, String claimant) {}

    public Controllers(KubernetesClient client, Scope scope, Clock clock, MeterRegistry metrics) {
        this(client, scope, Engine.CURRENT, clock, metrics);
    }

    /** The same with the engine of another build. */
    Controllers(KubernetesClient client, Scope scope, Engine engine, Clock clock, MeterRegistry metrics) {
        this.client = client;
        Function<ObjectNode, List<String>> problems = problems(new PolicyValidator(BundledCrds.read()));
        KeptRevisions kept = new KeptRevisions(problems);
        this.policies = new Policies(new PolicyReader(problems, kept));
        this.namespaces = new Namespaces(client, scope.operatorNamespace());
        this.limitRanges = new LimitRanges(client, scope.namespaces());
        this.ledger = new Ledger(
                clock, Stream.concat(BUILT_IN.stream(), custom(scope)).toList());
        this.recorder = new EventRecorder(client, clock, metrics);
        this.leadership = new Leadership(
                scope.lease()
                        .map(lease ->
                                new Leadership.Candidacy(lease.claimant(), scope.operatorNamespace(), lease.name())),
                metrics);
        Writer writer = new Writer(client, leadership::leading, metrics);
        this.revisions = new Revisions(client, scope.namespaces(), scope.operatorNamespace(), kept, writer, clock);

        PolicyPass.Output output = new PolicyPass.Output(writer, revisions, new PolicyEvents(recorder));
        UpdateCoordinator updates = new UpdateCoordinator(ledger, clock);
        PolicyPass policyPass = new PolicyPass(
                new PolicyPass.Sources(policies, namespaces, ledger, clock),
                updates,
                workloads -> lanes().requeue(workloads),
                output);
        PolicyReconciler.Shared shared = new PolicyReconciler.Shared(
                policyPass, policies, key -> consequences().ofPolicy(key));
        List<PolicyReconciler<?>> policyReconcilers =
                List.of(new PolicyReconciler.OfNamespaces(shared), new PolicyReconciler.OfCluster(shared));
        this.policyQueues = new PolicyQueues(policyReconcilers);

        FactsGatherer facts = new FactsGatherer(namespaces, limitRanges, scope.server());
        Passes passes = new Passes(
                new WorkloadPass.Sources(
                        engine, policies, updates, namespaces, facts, new Pods(client, writer), scope.kinds(), clock),
                ledger,
                events());
        List<WorkloadReconciler<?>> reconcilers = reconcilers(passes, writer);
        this.customLanes = scope.kinds().custom().stream()
                .map(kind ->
                        customLane(new CustomKindApi(client, kind, scope.namespaces(), writer), kind.kind(), passes))
                .toList();
        this.lanes = new Lanes(
                Stream.concat(reconcilers.stream(), customLanes.stream()).toList());

        this.consequences = new Consequences(policies, namespaces, ledger, lanes, policyQueues);
        ledger.listen(consequences::ofLedger);
        namespaces.listen(consequences::ofNamespace);
        limitRanges.listen(consequences::ofLimits);
        revisions.listen(consequences::ofRevision);
        WorkloadGauges.register(ledger, metrics);
        // Before the framework knows of it, and so before anything is looked at.
        leadership.onGain(() -> {
            reconcilers.forEach(WorkloadReconciler::lead);
            customLanes.forEach(CustomLane::lead);
        });
        this.framework = new Framework(
                client, scope.namespaces(), new Framework.Limits(SYNC_LIMIT, STOP_LIMIT), leadership, metrics);
        policyReconcilers.forEach(framework::register);
        reconcilers.forEach(framework::register);
    }

    /** A pass for each kind; all of them share what they know. */
    private record Passes(WorkloadPass.Sources sources, Ledger ledger, WorkloadEvents events) {
        <R extends HasMetadata> WorkloadPass<R> of(WorkloadKind kind, WorkloadPass.Patcher<R> patcher) {
            return new WorkloadPass<>(kind, sources, ledger, new WorkloadPass.Output<>(patcher, events));
        }
    }

    private List<WorkloadReconciler<?>> reconcilers(Passes passes, Writer writer) {
        WorkloadQueue.Start start = new WorkloadQueue.Start(ledger, policies.loaded());
        return List.of(
                new WorkloadReconciler.Deployments(passes.of(WorkloadKind.DEPLOYMENT, writer::patch), start),
                new WorkloadReconciler.StatefulSets(passes.of(WorkloadKind.STATEFUL_SET, writer::patch), start),
                new WorkloadReconciler.DaemonSets(passes.of(WorkloadKind.DAEMON_SET, writer::patch), start),
                new WorkloadReconciler.CronJobs(passes.of(WorkloadKind.CRON_JOB, writer::patch), start),
                new WorkloadReconciler.ReplicaSets(passes.of(WorkloadKind.REPLICA_SET, writer::patch), start));
    }

    private CustomLane customLane(CustomKindApi api, WorkloadKind kind, Passes passes) {
        return new CustomLane(api, passes.of(kind, api), ledger);
    }

    private static Stream<WorkloadKind> custom(Scope scope) {
        return scope.kinds().custom().stream().map(CustomKind::kind);
    }

    private WorkloadEvents events() {
        return new WorkloadEvents(recorder, key -> policyQueues.latest(key).flatMap(PolicyPass::currentStatus));
    }

    private Lanes lanes() {
        return lanes;
    }

    private Consequences consequences() {
        return consequences;
    }

    /**
     * Fills the caches and starts to reconcile.
     *
     * @throws IllegalStateException with a sentence for a person when the cluster does not let it
     */
    public void start() {
        try {
            namespaces.start(SYNC_LIMIT);
            limitRanges.start(SYNC_LIMIT);
            revisions.start(SYNC_LIMIT);
            framework.start();
        } catch (RuntimeException e) {
            stop();
            throw new IllegalStateException("the operator cannot start: " + rootMessage(e), e);
        }
        List<String> unread = framework.unread();
        if (!unread.isEmpty()) {
            String why = failure()
                    .orElse("are the CustomResourceDefinitions installed, and has its ServiceAccount its role?");
            stop();
            throw new IllegalStateException("the operator cannot read " + String.join(", ", unread) + ": " + why);
        }
        customLanes.forEach(CustomLane::start);
        started = true;
        policyQueues.requeue(policies.current().policies().keySet());
    }

    /** Finishes what is in hand and stops; the client stays open. */
    public void stop() {
        started = false;
        leadership.stopping();
        customLanes.forEach(CustomLane::stop);
        framework.stop();
        leadership.release(client);
        namespaces.stop();
        limitRanges.stop();
        revisions.stop();
        recorder.stop(STOP_LIMIT);
    }

    /** Whether the caches are filled and everything that was started still runs. */
    public boolean ready() {
        return started && namespaces.synced() && limitRanges.synced() && revisions.synced() && framework.isHealthy();
    }

    /** Why the process should be ended and started again: a watch has ended for good, or another process leads. */
    public Optional<String> failure() {
        return leadership.failure().or(framework::failure);
    }

    /** Whether this process is the one that changes the cluster. */
    public boolean leading() {
        return leadership.leading();
    }

    /** The sound policies that are not being deleted, as an immutable book. */
    public PolicyBook policies() {
        return policies.current().all();
    }

    /** The labels of a namespace; empty when the watch has not shown it. */
    public Optional<Map<String, String>> namespaceLabels(String namespace) {
        return namespaces.state(namespace).map(Namespaces.State::labels);
    }

    /** The specs of a namespace's LimitRanges. */
    public List<ObjectNode> limitRanges(String namespace) {
        return limitRanges.in(namespace);
    }

    /** Whether a namespace is never touched: the cluster's own, or the operator's. */
    public boolean isProtected(String namespace) {
        return namespaces.isProtected(namespace);
    }

    /** What the API server of another release may have let through. */
    private static Function<ObjectNode, List<String>> problems(PolicyValidator validator) {
        return policy -> validator.validate(policy).stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .map(Finding::toString)
                .toList();
    }

    private static String rootMessage(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}

package io.sidecaroperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The reconcilers of one operator process and what they share; the composition is all in this class's constructor. */
public final class Controllers {
    private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);
    private static final Duration SYNC_LIMIT = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final int THREADS = 8;
    private static final int POLICY_LOOKS_PER_SECOND = 5;

    /** The kinds of Kubernetes that are reconciled; Jobs and bare Pods cannot be changed once they are there. */
    private static final List<WorkloadKind> BUILT_IN = List.of(
            WorkloadKind.DEPLOYMENT,
            WorkloadKind.STATEFUL_SET,
            WorkloadKind.DAEMON_SET,
            WorkloadKind.CRON_JOB,
            WorkloadKind.REPLICA_SET);

    private final Scope scope;
    private final Policies policies;
    private final Namespaces namespaces;
    private final LimitRanges limitRanges;
    private final Ledger ledger;
    private final EventRecorder recorder;
    private final List<WorkloadReconciler<?>> reconcilers;
    private final List<CustomLane> customLanes;
    private final Lanes lanes;
    private final List<PolicyReconciler<?>> policyReconcilers;
    private final PolicyQueues policyQueues;
    private final Consequences consequences;
    private final Operator operator;
    private final AtomicReference<String> failure = new AtomicReference<>();
    private volatile boolean started;

    /**
     * What the operator is responsible for.
     *
     * @param namespaces the namespaces to watch; empty for all
     * @param operatorNamespace its own, which is never touched
     * @param kinds the kinds of workloads; those of Kubernetes are looked after in any case
     * @param server version of the API server
     */
    public record Scope(
            Set<String> namespaces, String operatorNamespace, WorkloadKinds kinds, KubernetesVersion server) {
        public Scope {
            namespaces = Set.copyOf(namespaces);
        }
    }

    public Controllers(KubernetesClient client, Scope scope, Clock clock, MeterRegistry metrics) {
        this.scope = scope;
        this.policies = new Policies(problems(new PolicyValidator(BundledCrds.read())));
        this.namespaces = new Namespaces(client, scope.operatorNamespace());
        this.limitRanges = new LimitRanges(client, scope.namespaces());
        this.ledger = new Ledger(
                clock, Stream.concat(BUILT_IN.stream(), custom(scope)).toList());
        this.recorder = new EventRecorder(client, clock, metrics);
        Writer writer = new Writer(client, metrics);

        PolicyPass.Output output = new PolicyPass.Output(writer, new PolicyEvents(recorder));
        PolicyPass policyPass = new PolicyPass(policies, namespaces, ledger, output, clock);
        PolicyReconciler.Shared shared = new PolicyReconciler.Shared(
                policyPass, policies, key -> consequences().ofPolicy(key));
        this.policyReconcilers =
                List.of(new PolicyReconciler.OfNamespaces(shared), new PolicyReconciler.OfCluster(shared));
        this.policyQueues = new PolicyQueues(policyReconcilers);

        FactsGatherer facts = new FactsGatherer(namespaces, limitRanges, scope.server());
        Passes passes = new Passes(
                new WorkloadPass.Sources(policies, namespaces, facts, scope.kinds(), clock), ledger, events());
        this.reconcilers = reconcilers(passes, writer);
        this.customLanes = scope.kinds().custom().stream()
                .map(kind -> customLane(client, kind, passes, writer))
                .toList();
        this.lanes = new Lanes(
                Stream.concat(reconcilers.stream(), customLanes.stream()).toList());

        this.consequences = new Consequences(policies, namespaces, ledger, lanes, policyQueues);
        ledger.listen(consequences::ofLedger);
        namespaces.listen(consequences::ofNamespace);
        limitRanges.listen(consequences::ofLimits);
        WorkloadGauges.register(ledger, metrics);
        Metrics frameworkMetrics = MicrometerMetricsV2.newBuilder(metrics).build();
        this.operator = new Operator(overrider -> configure(overrider, client, frameworkMetrics));
        policyReconcilers.forEach(this::register);
        reconcilers.forEach(this::register);
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

    private CustomLane customLane(KubernetesClient client, CustomKind kind, Passes passes, Writer writer) {
        CustomKindApi api = new CustomKindApi(client, kind, scope.namespaces(), writer);
        return new CustomLane(api, passes.of(kind.kind(), api), ledger);
    }

    private static Stream<WorkloadKind> custom(Scope scope) {
        return scope.kinds().custom().stream().map(CustomKind::kind);
    }

    private WorkloadEvents events() {
        return new WorkloadEvents(recorder, key -> policyQueues.latest(key).flatMap(PolicyPass::currentStatus));
    }

    private <R extends CustomResource<JsonNode, JsonNode>> void register(WorkloadReconciler<R> reconciler) {
        operator.register(reconciler, overrider -> {
            configure(overrider, scope.namespaces());
            reconciler.configure(overrider, scope.namespaces().isEmpty());
        });
    }

    private <P extends CustomResource<JsonNode, JsonNode>> void register(PolicyReconciler<P> reconciler) {
        boolean inNamespaces = reconciler.scope() == Policies.Scope.NAMESPACES;
        operator.register(reconciler, overrider -> {
            configure(overrider, inNamespaces ? scope.namespaces() : Set.of());
            overrider
                    .withName(reconciler.name())
                    .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), POLICY_LOOKS_PER_SECOND));
        });
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
            operator.start();
        } catch (RuntimeException e) {
            stop();
            throw new IllegalStateException("the operator cannot start: " + rootMessage(e), e);
        }
        List<String> unread = unhealthy();
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
        customLanes.forEach(CustomLane::stop);
        operator.stop();
        namespaces.stop();
        limitRanges.stop();
        recorder.stop(STOP_LIMIT);
    }

    /** Whether the caches are filled and everything that was started still runs. */
    public boolean ready() {
        return started
                && failure.get() == null
                && namespaces.synced()
                && limitRanges.synced()
                && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }

    /** Why the process should be ended and started again: a watch has ended for good. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure.get());
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

    private void configure(ConfigurationServiceOverrider overrider, KubernetesClient client, Metrics metrics) {
        overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(THREADS)
                .withReconciliationTerminationTimeout(STOP_LIMIT)
                .withCacheSyncTimeout(SYNC_LIMIT)
                // A lost permission or a late CRD must be waited out, not end the watch for good.
                .withStopOnInformerErrorDuringStartup(false)
                .withInformerStoppedHandler((informer, exception) -> watchEnded(informer.getApiTypeClass(), exception))
                .withUseSSAToPatchPrimaryResource(false)
                .withResourceCloner(new Unchanged())
                .withMetrics(metrics);
    }

    private static <R extends HasMetadata> void configure(
            ControllerConfigurationOverrider<R> overrider, Set<String> namespaces) {
        // The framework counts attempts that fail under a stream of events, too: a limit would be used up in seconds.
        overrider.withRetry(new GenericRetry()
                .setInitialInterval(500)
                .setIntervalMultiplier(2)
                .setMaxInterval(15_000)
                .withoutMaxAttempts());
        if (namespaces.isEmpty()) {
            overrider.watchingAllNamespaces();
        } else {
            overrider.settingNamespaces(namespaces);
        }
    }

    /** The framework's own answer is to end the process without a word. */
    private void watchEnded(Class<?> type, @org.jspecify.annotations.Nullable Throwable exception) {
        if (exception != null) {
            String message = "the watch of " + type.getSimpleName() + " ended for good: " + exception.getMessage();
            failure.compareAndSet(null, message);
            LOG.error("{}; the process has to be started again", message, exception);
        }
    }

    private List<String> unhealthy() {
        return operator.getRuntimeInfo().unhealthyInformerWrappingEventSourceHealthIndicator().entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static String rootMessage(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Reconcilers change no object that they are given, so none has to be copied for them. */
    private static final class Unchanged implements Cloner {
        @Override
        public <R extends HasMetadata> R clone(R resource) {
            return resource;
        }
    }
}

package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.sidecaroperator.operator.watch.Policies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up JOSDK, with the settings that its defaults make necessary. */
final class JosdkSetup {
    private static final Logger LOG = LoggerFactory.getLogger(JosdkSetup.class);
    private static final int THREADS = 8;
    private static final int POLICY_RECONCILIATIONS_PER_SECOND = 5;

    private final Set<String> namespaces;
    private final Operator operator;
    private final AtomicReference<String> failure = new AtomicReference<>();

    /** How long JOSDK waits for the caches to sync, and for running reconciliations when it stops. */
    record Timeouts(Duration sync, Duration stop) {}

    /**
     * @param namespaces the namespaces to watch; empty for all
     */
    JosdkSetup(
            KubernetesClient client,
            Set<String> namespaces,
            Timeouts limits,
            Leadership leadership,
            MeterRegistry metrics) {
        this.namespaces = Set.copyOf(namespaces);
        Metrics frameworkMetrics = MicrometerMetricsV2.newBuilder(metrics).build();
        this.operator = new Operator(overrider -> {
            configure(overrider, client, limits, frameworkMetrics);
            leadership.configuration().ifPresent(overrider::withLeaderElectionConfiguration);
        });
    }

    <R extends CustomResource<JsonNode, JsonNode>> void register(WorkloadReconciler<R> reconciler) {
        operator.register(reconciler, overrider -> {
            configure(overrider, namespaces);
            reconciler.configure(overrider, namespaces.isEmpty());
        });
    }

    <P extends CustomResource<JsonNode, JsonNode>> void register(PolicyReconciler<P> reconciler) {
        boolean inNamespaces = reconciler.scope() == Policies.Scope.NAMESPACES;
        operator.register(reconciler, overrider -> {
            configure(overrider, inNamespaces ? namespaces : Set.of());
            overrider
                    .withName(reconciler.name())
                    .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), POLICY_RECONCILIATIONS_PER_SECOND));
        });
    }

    void start() {
        operator.start();
    }

    void stop() {
        operator.stop();
    }

    boolean isHealthy() {
        return failure.get() == null && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }

    /** Returns the reason why the operator cannot go on: a watch has ended and does not start again. */
    Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Returns the controllers whose resources could not be read. */
    List<String> unread() {
        return operator.getRuntimeInfo().unhealthyInformerWrappingEventSourceHealthIndicator().entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private void configure(
            ConfigurationServiceOverrider overrider, KubernetesClient client, Timeouts limits, Metrics metrics) {
        overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(THREADS)
                .withReconciliationTerminationTimeout(limits.stop())
                .withCacheSyncTimeout(limits.sync())
                // A lost permission or a CRD that is installed late must be waited out. By default it would end the
                // watch.
                .withStopOnInformerErrorDuringStartup(false)
                .withInformerStoppedHandler((informer, exception) -> watchEnded(informer.getApiTypeClass(), exception))
                .withUseSSAToPatchPrimaryResource(false)
                .withResourceCloner(new Unchanged())
                .withMetrics(metrics);
    }

    private static <R extends HasMetadata> void configure(
            ControllerConfigurationOverrider<R> overrider, Set<String> namespaces) {
        // JOSDK also counts attempts that fail during a stream of events: a limit would be used up in seconds.
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

    /** Replaces JOSDK's own reaction, which ends the process without a message. */
    private void watchEnded(Class<?> type, @Nullable Throwable exception) {
        if (exception != null) {
            String message = "the watch of " + type.getSimpleName() + " ended for good: " + exception.getMessage();
            failure.compareAndSet(null, message);
            LOG.error("{}; the process has to be started again", message, exception);
        }
    }

    /** Skips the copies: reconcilers do not change the objects that they are given. */
    private static final class Unchanged implements Cloner {
        @Override
        public <R extends HasMetadata> R clone(R resource) {
            return resource;
        }
    }
}

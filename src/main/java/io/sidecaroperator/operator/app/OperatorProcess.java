package io.sidecaroperator.operator.app;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.operator.admission.AdmissionMetrics;
import io.sidecaroperator.operator.app.Readiness.Component;
import io.sidecaroperator.operator.controller.Manager;
import io.sidecaroperator.operator.watch.OperatorScope;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root of the operator: starts its parts in order and stops them in reverse order. Health is served
 * from the first moment. The webhook is registered last, when everything behind it is ready.
 */
public final class OperatorProcess {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);

    private final Settings settings;
    private final Config config;
    private final Readiness readiness = new Readiness();
    private final CertificateWatch certificates = new CertificateWatch(Clock.systemUTC());
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Deque<Runnable> toStop = new ArrayDeque<>();
    private volatile Optional<Manager> running = Optional.empty();

    public OperatorProcess(Settings settings, Config config) {
        this.settings = settings;
        this.config = config;
    }

    /** The addresses of a started process. */
    public record Ports(String webhookHost, int webhook, int http) {
        @Override
        public String toString() {
            return "webhook https://" + webhookHost + ":" + webhook + ", http " + http;
        }
    }

    /**
     * Starts everything and returns when it is ready.
     *
     * @throws StartFailure when it cannot start, and waiting would not help
     * @throws InterruptedException when it was told to stop meanwhile
     */
    public Ports start() throws StartFailure, InterruptedException {
        OperatorMetrics metrics = started(new OperatorMetrics(), OperatorMetrics::close);
        HealthServer health = started(health(metrics), HealthServer::close);
        KubernetesClient client =
                started(new KubernetesClientBuilder().withConfig(config).build(), KubernetesClient::close);

        ApiServer api = new ApiServer(client, this::pause);
        KubernetesVersion version = api.version();
        readiness.has(Component.API_SERVER);
        api.knowsPolicies(settings.namespaces(), version);
        readiness.has(Component.POLICIES);

        Manager manager = started(manager(client, version, metrics), Manager::stop);
        readiness.watch(
                Component.CACHES,
                () -> manager.ready() ? Optional.empty() : Optional.of("a cache does not follow the cluster"));

        Webhook webhook = started(
                webhook(new Webhook.Admission(
                        manager, version, operator(api), new AdmissionMetrics(metrics.registry()))),
                Webhook::stop);
        certificates.watch(webhook.certificateEnd());
        readiness.has(Component.CERTIFICATE);
        warm(webhook);
        readiness.has(Component.HANDLER);
        webhook.register(client, this::pause);
        readiness.has(Component.REGISTRATION);

        Ports ports = new Ports(webhook.host(), webhook.port(), health.port());
        LOG.info("Ready: {}", ports);
        return ports;
    }

    /** Waits until the process is to end. Returns the reason when it ends because it cannot go on. */
    public Optional<String> await() throws InterruptedException {
        while (!ending.await(1, TimeUnit.SECONDS)) {
            Optional<String> failure = running.flatMap(Manager::failure);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    /**
     * Drains and stops what was started. First the process reports itself as not ready, so that callers leave. Then
     * requests and reconciliations end.
     */
    public void stop() {
        readiness.watch(Component.SERVING, () -> Optional.of("the process is ending"));
        ending.countDown();
        synchronized (toStop) {
            while (!toStop.isEmpty()) {
                stop(toStop.pop());
            }
        }
    }

    private static void stop(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            LOG.warn("A part of the process failed to stop", e);
        }
    }

    /** Stops a started part. */
    private interface Stop<T> {
        void stop(T part);
    }

    private <T> T started(T part, Stop<T> stop) throws InterruptedException {
        synchronized (toStop) {
            if (ending.getCount() > 0) {
                toStop.push(() -> stop.stop(part));
                return part;
            }
        }
        stop.stop(part);
        throw new InterruptedException("told to stop while starting");
    }

    private HealthServer health(OperatorMetrics metrics) throws StartFailure {
        HealthServer.Sources sources = new HealthServer.Sources(
                () -> certificates.problem().map(List::of).orElse(List.of()), readiness::missing, metrics::text);
        try {
            return HealthServer.start(BindAddress.address(settings.webhookHost(), settings.httpPort()), sources);
        } catch (IOException e) {
            throw cannotListen("--http-port", settings.httpPort(), e);
        }
    }

    private Manager manager(KubernetesClient client, KubernetesVersion version, OperatorMetrics metrics)
            throws StartFailure {
        OperatorScope scope = new OperatorScope(
                settings.namespaces(),
                settings.installation().namespace(),
                settings.kinds(),
                version,
                settings.leaderElection() ? Optional.of(lease()) : Optional.empty());
        Manager manager = new Manager(client, scope, Clock.systemUTC(), metrics.registry());
        running = Optional.of(manager);
        try {
            manager.start();
        } catch (IllegalStateException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
        return manager;
    }

    private OperatorScope.LeaseClaim lease() {
        String pod = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("operator");
        return new OperatorScope.LeaseClaim(settings.installation().service(), pod);
    }

    /**
     * Returns the user name by which admission of workloads recognises the operator's own writes; empty when that
     * admission is off.
     */
    private Optional<String> operator(ApiServer api) throws InterruptedException {
        return settings.workloadWebhook() ? api.ownUser() : Optional.empty();
    }

    private Webhook webhook(Webhook.Admission admission) throws StartFailure {
        try {
            return Webhook.serve(settings, admission);
        } catch (IOException e) {
            throw cannotListen("--webhook-port", settings.webhookPort(), e);
        }
    }

    private static void warm(Webhook webhook) throws StartFailure, InterruptedException {
        try {
            webhook.warmUp();
        } catch (IOException e) {
            throw new StartFailure("the webhook does not answer itself: " + ApiServer.oneLine(e), e);
        }
    }

    private static StartFailure cannotListen(String option, int port, IOException e) {
        return new StartFailure("cannot listen on port " + port + " (" + option + "): " + ApiServer.oneLine(e), e);
    }

    private void pause(Duration time) throws InterruptedException {
        if (ending.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("told to stop while waiting");
        }
    }
}

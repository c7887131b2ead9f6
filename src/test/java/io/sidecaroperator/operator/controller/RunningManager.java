package io.sidecaroperator.operator.controller;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.RendererVersion;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.DefaultResources;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.watch.OperatorScope;
import io.sidecaroperator.support.Installation;
import java.time.Clock;
import java.util.Set;

/** The manager on the real control plane, with only the operator's own ServiceAccount. */
final class RunningManager implements AutoCloseable {
    private final KubernetesClient client;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Manager manager;

    private final String user;

    /** A build that renders the same policy differently: with another default, and so with another renderer version. */
    static final Engine NEXT_BUILD = new Engine(new RendererVersion(
            RendererVersion.CURRENT.engine() + 1, new DefaultResources("50m", "64Mi", "500m", "512Mi")));

    private RunningManager(KubernetesClient client, OperatorScope scope, Engine engine, String user) {
        this.client = client;
        this.user = user;
        this.manager = new Manager(client, scope, engine, Clock.systemUTC(), metrics);
    }

    /** Starts it. An empty set of namespaces means all. */
    static RunningManager start(Installation installation, String... namespaces) {
        return start(installation, WorkloadKinds.BUILT_IN, namespaces);
    }

    /** The same, with kinds of workloads that only the configuration names. */
    static RunningManager start(Installation installation, WorkloadKinds kinds, String... namespaces) {
        return start(installation, kinds, Engine.CURRENT, namespaces);
    }

    /** The same with the engine of another build. */
    static RunningManager start(Installation installation, Engine engine) {
        return start(installation, WorkloadKinds.BUILT_IN, engine);
    }

    private static RunningManager start(
            Installation installation, WorkloadKinds kinds, Engine engine, String... namespaces) {
        Config config = Config.fromKubeconfig(installation.operatorKubeconfig());
        config.setRequestRetryBackoffLimit(2);
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        OperatorScope scope =
                new OperatorScope(Set.of(namespaces), installation.namespace(), kinds, KubernetesVersion.NEWEST);
        RunningManager running = new RunningManager(client, scope, engine, installation.user());
        running.manager.start();
        return running;
    }

    Manager manager() {
        return manager;
    }

    /** Returns its user name at the API server. */
    String user() {
        return user;
    }

    /** Returns the sum of a counter over all its labels. */
    double counted(String counter) {
        return metrics.find(counter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Returns how many workloads have this sync state and reason. */
    double gauge(String syncState, String reason) {
        return metrics.get("sidecar_operator_workloads")
                .tags("standing", syncState, "reason", reason)
                .gauge()
                .value();
    }

    @Override
    public void close() {
        manager.stop();
        client.close();
    }
}

package io.sidecaroperator.operator.controller;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sidecaroperator.operator.watch.OperatorScope;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process is the one that changes the cluster. Every replica follows the cluster and answers admission; only
 * the one that holds the lease writes, and one that loses it never writes again: its process has to end.
 */
final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final Optional<Candidacy> candidacy;
    private final String identity;
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean leading;
    private volatile boolean stopping;
    private volatile @Nullable String holder;
    private volatile @Nullable String lost;

    /**
     * What the replicas of an installation contend for.
     *
     * @param claimant what this process is called, for whoever reads the lease
     * @param namespace the lease's, the operator's own
     * @param name the lease's
     * @param duration after how long without news from the holder somebody else may have the lease
     * @param deadline after how long without success the holder gives up; less than the duration
     * @param retry how often the lease is asked for, or renewed
     */
    record Candidacy(
            String claimant, String namespace, String name, Duration duration, Duration deadline, Duration retry) {
        Candidacy(String claimant, String namespace, String name) {
            this(claimant, namespace, name, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
        }

        /** What a scope asks for; empty when it is alone. */
        static Optional<Candidacy> of(OperatorScope scope) {
            return scope.lease().map(claim -> new Candidacy(claim.claimant(), scope.operatorNamespace(), claim.name()));
        }

        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /**
     * @param candidacy what to contend for; empty where there is only one process, which then always leads
     */
    Leadership(Optional<Candidacy> candidacy, MeterRegistry metrics) {
        this.candidacy = candidacy;
        this.identity = candidacy.map(Candidacy::claimant).orElse("operator") + "_" + UUID.randomUUID();
        this.leading = candidacy.isEmpty();
        Gauge.builder("sidecar_operator_leader", this, self -> self.leading ? 1 : 0)
                .description("Whether this process is the one that changes the cluster")
                .register(metrics);
    }

    /** How the framework is to contend for the lease; empty when it need not. */
    Optional<LeaderElectionConfiguration> configuration() {
        return candidacy.map(lease -> LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease.name())
                .withLeaseNamespace(lease.namespace())
                .withIdentity(identity)
                .withLeaseDuration(lease.duration())
                .withRenewDeadline(lease.deadline())
                .withRetryPeriod(lease.retry())
                .withLeaderCallbacks(new LeaderCallbacks(this::gained, this::lost, newHolder -> holder = newHolder))
                // The framework would end the process without a word.
                .buildForTest(false));
    }

    /** Who is told when this process begins to lead; at once if it does already. */
    void onGain(Runnable listener) {
        listeners.add(listener);
        if (leading) {
            listener.run();
        }
    }

    /** Whether this process may change the cluster. */
    boolean leading() {
        return leading;
    }

    /** Why this process has to end: it led, and does not any more. */
    Optional<String> failure() {
        return Optional.ofNullable(lost);
    }

    /** From now on the end of leading is no failure. */
    void stopping() {
        stopping = true;
    }

    /** Leaves the lease to others at once, when nothing is written any more. */
    void release(KubernetesClient client) {
        boolean held = leading;
        leading = false;
        if (candidacy.isEmpty() || !held || lost != null) {
            return;
        }
        Candidacy lease = candidacy.get();
        try {
            Lease found = client.leases()
                    .inNamespace(lease.namespace())
                    .withName(lease.name())
                    .get();
            if (found != null && identity.equals(found.getSpec().getHolderIdentity())) {
                found.getSpec().setHolderIdentity(null);
                found.getSpec().setLeaseDurationSeconds(1);
                client.resource(found).lockResourceVersion().update();
                LOG.info("Left the lease {} to others", lease);
            }
        } catch (KubernetesClientException e) {
            LOG.warn("The lease {} is not released, others have it once it runs out: {}", lease, e.getMessage());
        }
    }

    private void gained() {
        leading = true;
        candidacy.ifPresent(lease -> LOG.info("Leading: {} has the lease {}", identity, lease));
        listeners.forEach(Runnable::run);
    }

    private void lost() {
        if (stopping) {
            return;
        }
        leading = false;
        String other = holder;
        String why =
                other == null || other.equals(identity) ? "was not renewed in time" : "is held by " + other + " now";
        lost = "the lease " + candidacy.map(Candidacy::toString).orElse("") + " " + why
                + "; this process changes nothing any more";
        LOG.error("{}", lost);
    }
}

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
 * Whether this process is the leader, the only process that changes the cluster. Every replica watches the cluster and
 * answers admission requests, but only the holder of the lease writes. A process that loses the lease does not write
 * again: it has to end.
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
     * The lease for which the replicas of an installation compete.
     *
     * @param claimant the name of this process, for people that read the lease
     * @param namespace the namespace of the lease, which is the operator's own
     * @param name the name of the lease
     * @param duration after this time without a renewal, another replica may take the lease
     * @param deadline after this time without a successful renewal, the holder gives up; less than the duration
     * @param retry how often a replica tries to get the lease or to renew it
     */
    record Candidacy(
            String claimant, String namespace, String name, Duration duration, Duration deadline, Duration retry) {
        Candidacy(String claimant, String namespace, String name) {
            this(claimant, namespace, name, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
        }

        /** Returns the lease that a scope names; empty when there is only one process. */
        static Optional<Candidacy> of(OperatorScope scope) {
            return scope.lease().map(claim -> new Candidacy(claim.claimant(), scope.operatorNamespace(), claim.name()));
        }

        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /**
     * @param candidacy the lease to compete for; empty when there is only one process, which then always leads
     */
    Leadership(Optional<Candidacy> candidacy, MeterRegistry metrics) {
        this.candidacy = candidacy;
        this.identity = candidacy.map(Candidacy::claimant).orElse("operator") + "_" + UUID.randomUUID();
        this.leading = candidacy.isEmpty();
        Gauge.builder("sidecar_operator_leader", this, self -> self.leading ? 1 : 0)
                .description("Whether this process is the one that changes the cluster")
                .register(metrics);
    }

    /** Returns JOSDK's settings for the lease; empty when there is no lease. */
    Optional<LeaderElectionConfiguration> configuration() {
        return candidacy.map(lease -> LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease.name())
                .withLeaseNamespace(lease.namespace())
                .withIdentity(identity)
                .withLeaseDuration(lease.duration())
                .withRenewDeadline(lease.deadline())
                .withRetryPeriod(lease.retry())
                .withLeaderCallbacks(new LeaderCallbacks(this::gained, this::lost, newHolder -> holder = newHolder))
                // The default of JOSDK would end the process without a message.
                .buildForTest(false));
    }

    /**
     * Registers a listener for the moment when this process begins to lead. Runs it at once if the process already
     * leads.
     */
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

    /** Returns why this process has to end: it was the leader and has lost the lease. */
    Optional<String> failure() {
        return Optional.ofNullable(lost);
    }

    /** From now on, losing the lease is not a failure. */
    void stopping() {
        stopping = true;
    }

    /** Releases the lease at once, after the last write, so that another replica can take it. */
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
                LOG.info("Left the lease {} to other replicas", lease);
            }
        } catch (KubernetesClientException e) {
            LOG.warn("The lease {} was not released, others get it when it expires: {}", lease, e.getMessage());
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

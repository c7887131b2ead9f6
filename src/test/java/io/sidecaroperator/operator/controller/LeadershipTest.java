package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeadershipTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicInteger gains = new AtomicInteger();

    @Test
    void whoeverIsAloneLeadsFromTheStart() {
        Leadership alone = new Leadership(Optional.empty(), metrics);
        alone.onGain(gains::incrementAndGet);

        assertThat(alone.configuration()).isEmpty();
        assertThat(alone.leading()).isTrue();
        assertThat(gains).hasValue(1);
        assertThat(gauge()).isOne();
    }

    @Test
    void aCandidateLeadsWhenItHasTheLeaseAndNeverAgainAfterLosingIt() {
        Leadership candidate = candidate();
        candidate.onGain(gains::incrementAndGet);
        assertThat(candidate.leading()).isFalse();
        assertThat(gauge()).isZero();

        LeaderCallbacks callbacks = callbacks(candidate);
        callbacks.onStartLeading();
        assertThat(candidate.leading()).isTrue();
        assertThat(gains).hasValue(1);
        assertThat(gauge()).isOne();
        assertThat(candidate.failure()).isEmpty();

        callbacks.onNewLeader("the-other");
        callbacks.onStopLeading();
        assertThat(candidate.leading()).isFalse();
        assertThat(gauge()).isZero();
        assertThat(candidate.failure())
                .contains("the lease ops/sidecars is held by the-other now; this process changes nothing any more");
    }

    @Test
    void aLeaseThatCouldNotBeRenewedIsSaid() {
        Leadership candidate = candidate();
        LeaderCallbacks callbacks = callbacks(candidate);
        callbacks.onNewLeader(identity(candidate));
        callbacks.onStartLeading();

        callbacks.onStopLeading();

        assertThat(candidate.failure().orElse("")).contains("was not renewed in time");
    }

    @Test
    void theEndOfLeadingIsNoFailureOfAProcessThatStops() {
        Leadership candidate = candidate();
        callbacks(candidate).onStartLeading();

        candidate.stopping();
        callbacks(candidate).onStopLeading();

        assertThat(candidate.failure()).isEmpty();
    }

    @Test
    void twoProcessesOfOneHostAreTwoCandidates() {
        assertThat(identity(candidate())).isNotEqualTo(identity(candidate()));
    }

    private Leadership candidate() {
        return new Leadership(Optional.of(new Leadership.Candidacy("pod", "ops", "sidecars")), metrics);
    }

    private static LeaderCallbacks callbacks(Leadership candidate) {
        return configuration(candidate).getLeaderCallbacks().orElseThrow();
    }

    private static String identity(Leadership candidate) {
        return configuration(candidate).getIdentity().orElseThrow();
    }

    private static LeaderElectionConfiguration configuration(Leadership candidate) {
        return candidate.configuration().orElseThrow();
    }

    private double gauge() {
        return metrics.get("sidecar_operator_leader").gauge().value();
    }
}

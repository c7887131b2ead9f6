package io.sidecaroperator.operator.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches the expiry of the certificate. Each start creates a new certificate. So shortly before the expiry the process
 * reports itself as sick, and the kubelet restarts it before callers refuse the certificate.
 */
final class CertificateWatch {
    static final Duration BEFORE_THE_END = Duration.ofDays(7);

    private final Clock clock;
    private volatile @Nullable Instant end;

    CertificateWatch(Clock clock) {
        this.clock = clock;
    }

    /** From now on, watches the certificate with this expiry. */
    void watch(Instant newEnd) {
        this.end = newEnd;
    }

    /** Returns what is wrong with the certificate; empty when it is fine. */
    Optional<String> problem() {
        Instant known = end;
        return known == null || clock.instant().isBefore(known.minus(BEFORE_THE_END))
                ? Optional.empty()
                : Optional.of("the certificate ends at " + known + "; a restart makes a new one");
    }
}

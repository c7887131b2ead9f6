package io.sidecaroperator.operator.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sees the end of the certificate come. A new one is made at each start, so shortly before the end the process counts as
 * sick: the kubelet starts it again, and no pod misses its sidecar for a certificate that nobody accepts.
 */
final class CertificateWatch {
    static final Duration BEFORE_THE_END = Duration.ofDays(7);

    private final Clock clock;
    private volatile @Nullable Instant end;

    CertificateWatch(Clock clock) {
        this.clock = clock;
    }

    /** From now on the certificate with this end is watched. */
    void watch(Instant newEnd) {
        this.end = newEnd;
    }

    /** What is wrong with the certificate, if anything. */
    Optional<String> problem() {
        Instant known = end;
        return known == null || clock.instant().isBefore(known.minus(BEFORE_THE_END))
                ? Optional.empty()
                : Optional.of("the certificate ends at " + known + "; a restart makes a new one");
    }
}

package io.sidecaroperator.operator.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts and times the admission responses of this process. */
public final class AdmissionMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    /** How a request ended. */
    public enum Outcome {
        /** The object was changed. */
        PATCHED,
        /** The object stays as it came. */
        ALLOWED,
        /** The operator failed; the object stays as it came. */
        ERRORED,
        /** The body was not a review that the operator understands. */
        MALFORMED,
        /** Too many requests at once, or a body that is too large: rejected before it was read. */
        REJECTED
    }

    private record Labels(Outcome outcome, String reason) {}

    private final MeterRegistry registry;
    private final Timer duration;
    private final Map<Labels, Counter> counters = new ConcurrentHashMap<>();

    public AdmissionMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.duration = Timer.builder("sidecar.operator.admission.duration")
                .description("Time from a whole request body to its answer")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** Counts one request. */
    public void count(Outcome outcome, String reason) {
        counters.computeIfAbsent(new Labels(outcome, reason), this::counter).increment();
    }

    /** Records how long one response took. */
    public void took(Duration time) {
        duration.record(time);
    }

    private Counter counter(Labels labels) {
        return Counter.builder("sidecar.operator.admission.requests")
                .description("Admission requests by outcome and reason")
                .tag("outcome", labels.outcome().name().toLowerCase(Locale.ROOT))
                .tag("reason", labels.reason())
                .register(registry);
    }
}

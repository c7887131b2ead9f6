package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Pending;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.Reason;
import java.util.Optional;

/** Makes the response to the API server from the engine's result. */
final class Answers {
    private static final String INJECTED = "Injected";
    private static final String UNCHANGED = "Unchanged";

    private Answers() {}

    /** Returns the response whose patch makes the object what the engine wants. */
    static AdmissionResponse of(Injection injection, ArrayNode patch) {
        return AdmissionResponse.patched(reasonOf(injection), patch, Warnings.of(injection));
    }

    /**
     * Returns one word for the result. A refusal comes before an injection, an injection before a reason to wait, and
     * that before a reason to skip.
     */
    private static String reasonOf(Injection injection) {
        boolean injected = false;
        Optional<Reason> pending = Optional.empty();
        Optional<Reason> skipped = Optional.empty();
        for (PolicyOutcome outcome : injection.outcomes()) {
            if (outcome.decision() instanceof Decision.Refuse refuse) {
                return refuse.reason().name();
            }
            if (outcome.decision() instanceof Decision.Inject) {
                pending = pending.or(() -> outcome.pending().map(Pending::reason));
                injected |= outcome.pending().isEmpty() && outcome.plan().isPresent();
            }
            if (outcome.matched() && outcome.decision() instanceof Decision.Skip skip) {
                skipped = skipped.or(() -> Optional.of(skip.reason()));
            }
        }
        if (injected || isUnchanged(injection)) {
            return injected ? INJECTED : UNCHANGED;
        }
        return pending.orElse(skipped.orElse(Reason.NotSelected)).name();
    }

    /** Whether a workload was changed without a change of its template, so that its pods stay the same. */
    private static boolean isUnchanged(Injection injection) {
        return injection.outcomes().isEmpty()
                && injection.input().trigger().stored().equals(Optional.of(injection.template()));
    }
}

package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import java.util.Locale;

/**
 * Why a policy that selects a workload would not be injected at its present revision, even if everything were released.
 */
public record PreviewVerdict(PolicyKey policy, Outcome outcome, Reason reason, String message) {
    /** How it is kept away. */
    public enum Outcome {
        /** The workload cannot take it. */
        REFUSED,
        /** The workload is left alone on purpose. */
        SKIPPED,
        /** It is pending because its revision has failed. */
        HELD;

        /** The word for a person. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

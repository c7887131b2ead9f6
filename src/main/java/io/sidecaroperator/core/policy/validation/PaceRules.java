package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Rules about how fast a change of a policy is rolled out: {@code spec.rollout}. */
public final class PaceRules {
    private static final BigDecimal DEFAULT_DEADLINE = BigDecimal.valueOf(600);

    public static final Rule DEADLINE = new Rule(
            "ProgressDeadline",
            "(has(self.progressDeadlineSeconds) ? self.progressDeadlineSeconds : 600)"
                    + " > (has(self.minReadySeconds) ? self.minReadySeconds : 0)",
            "must be greater than minReadySeconds; when it is left out it is 600",
            "progressDeadlineSeconds",
            PaceRules::deadlineIsLonger);

    static final List<Rule> ALL = List.of(DEADLINE);

    private PaceRules() {}

    private static boolean deadlineIsLonger(JsonNode rollout) {
        JsonNode given = rollout.path("progressDeadlineSeconds");
        Optional<BigDecimal> deadline = given.isMissingNode() ? Optional.of(DEFAULT_DEADLINE) : Scalars.decimal(given);
        BigDecimal minReady = Scalars.decimal(rollout.path("minReadySeconds")).orElse(BigDecimal.ZERO);
        return deadline.map(seconds -> seconds.compareTo(minReady) > 0).orElse(true);
    }
}

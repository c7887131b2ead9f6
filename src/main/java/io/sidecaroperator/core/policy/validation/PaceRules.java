package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules about how fast a change of a policy is rolled out: {@code spec.rollout}. */
public final class PaceRules {
    private static final Pattern PERCENTAGE = Pattern.compile("^([1-9][0-9]?|100)%$");
    private static final BigDecimal DEFAULT_DEADLINE = BigDecimal.valueOf(600);

    public static final Rule MAX_CONCURRENT = Rule.of(
            "MaxConcurrent",
            "type(self) == int ? self >= 1 : self.matches('" + PERCENTAGE + "')",
            "must be a number of 1 or more, or a percentage from 1% to 100%; rollout.paused holds every change back",
            self -> self.isTextual()
                    ? PERCENTAGE.matcher(self.textValue()).matches()
                    : Scalars.decimal(self)
                            .filter(number -> number.compareTo(BigDecimal.ONE) < 0)
                            .isEmpty());

    public static final Rule DEADLINE = new Rule(
            "ProgressDeadline",
            "(has(self.progressDeadlineSeconds) ? self.progressDeadlineSeconds : 600)"
                    + " > (has(self.minReadySeconds) ? self.minReadySeconds : 0)",
            "must be greater than minReadySeconds; when it is left out it is 600",
            "progressDeadlineSeconds",
            PaceRules::deadlineIsLonger);

    static final List<Rule> ALL = List.of(MAX_CONCURRENT, DEADLINE);

    private PaceRules() {}

    private static boolean deadlineIsLonger(JsonNode rollout) {
        JsonNode given = rollout.path("progressDeadlineSeconds");
        Optional<BigDecimal> deadline = given.isMissingNode() ? Optional.of(DEFAULT_DEADLINE) : Scalars.decimal(given);
        BigDecimal minReady = Scalars.decimal(rollout.path("minReadySeconds")).orElse(BigDecimal.ZERO);
        return deadline.map(seconds -> seconds.compareTo(minReady) > 0).orElse(true);
    }
}

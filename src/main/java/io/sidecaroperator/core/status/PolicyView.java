package io.sidecaroperator.core.status;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.PolicyCost;
import io.sidecaroperator.core.policy.PolicyState;
import io.sidecaroperator.core.rollout.RolloutRules;
import java.util.List;
import java.util.Optional;

/**
 * What status needs to know of the policy itself.
 *
 * @param revision what it injects now; empty when it does not compile
 * @param problems why it does not compile, each with the field that it concerns
 * @param state how the policy wants to reach its workloads, and its progress
 * @param rules how its workloads are changed
 * @param approved the revision that a person has approved to continue despite failures
 * @param cost what it costs
 * @param notKept why its revision cannot be stored for later, if so
 */
public record PolicyView(
        PolicyKey key,
        long generation,
        Optional<String> revision,
        List<String> problems,
        boolean deleting,
        PolicyState state,
        RolloutRules rules,
        Optional<String> approved,
        PolicyCost cost,
        Optional<String> notKept) {
    public PolicyView {
        problems = List.copyOf(problems);
    }
}

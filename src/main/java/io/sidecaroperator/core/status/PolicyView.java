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
 * @param problems why it does not compile, each with the field it is about
 * @param state how it means to reach its workloads
 * @param rules how its workloads are changed
 * @param approved the revision that somebody has told to go on whatever fails
 * @param cost what it costs
 * @param notKept why its revision cannot be kept for later, if so
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

package io.sidecaroperator.cli.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyState;
import io.sidecaroperator.core.rollout.Batches;
import io.sidecaroperator.core.rollout.RolloutPlanner.Candidate;
import io.sidecaroperator.core.rollout.RolloutRules;
import io.sidecaroperator.core.rollout.WorkloadState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How one policy's change would go through its workloads.
 *
 * @param done how many have it already
 * @param batches the workloads of each step, if each becomes healthy
 */
record PolicyRollout(PolicyKey policy, RolloutRules rules, PolicyState state, int done, List<Batches.Batch> batches) {
    private static final Set<String> UNCHANGING = Set.of("Pod", "Job");

    PolicyRollout {
        batches = List.copyOf(batches);
    }

    /** Returns how many workloads change. */
    int changing() {
        return batches.stream().mapToInt(batch -> batch.workloads().size()).sum();
    }

    /** Returns the rollout of each policy that is injected into some of these workloads, or could be. */
    static List<PolicyRollout> of(List<WorkloadSection> sections) {
        Map<PolicyKey, List<Candidate>> candidates = new LinkedHashMap<>();
        Map<PolicyKey, ObjectNode> policies = new LinkedHashMap<>();
        for (WorkloadSection section : sections) {
            for (PolicyExplanation policy : section.policies()) {
                if (policy.source().isPresent() && isConcerned(section, policy.outcome())) {
                    ObjectNode tree = policy.source().get().tree();
                    policies.put(policy.outcome().policy(), tree);
                    candidates
                            .computeIfAbsent(policy.outcome().policy(), none -> new ArrayList<>())
                            .add(candidate(section, policy.outcome(), RolloutRules.of(tree.path("spec"))));
                }
            }
        }
        List<PolicyRollout> rollouts = new ArrayList<>();
        policies.forEach((key, tree) -> {
            RolloutRules rules = RolloutRules.of(tree.path("spec"));
            List<Candidate> all = candidates.getOrDefault(key, List.of());
            int done = (int) all.stream().filter(one -> !one.state().isQueued()).count();
            PolicyState state = PolicyCompiler.compile(tree).state();
            rollouts.add(new PolicyRollout(key, rules, state, done, Batches.of(rules, all)));
        });
        return rollouts;
    }

    /** Bare Pods and Jobs never change. */
    private static boolean isConcerned(WorkloadSection section, PolicyOutcome outcome) {
        return outcome.decision() instanceof Decision.Inject
                && !UNCHANGING.contains(section.explanation().ref().kind());
    }

    private static Candidate candidate(WorkloadSection section, PolicyOutcome outcome, RolloutRules rules) {
        boolean retains = outcome.retainedRevision().equals(Optional.of(outcome.revision()));
        boolean first = rules.first()
                .filter(selector ->
                        selector.matches(new PodTemplate(section.injection().stripped()).labels()))
                .isPresent();
        return Candidate.of(
                        section.explanation().ref(),
                        retains ? WorkloadState.INJECTED : WorkloadState.QUEUED,
                        section.explanation().impact().rollout())
                .first(first);
    }
}

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
 * @param waves who comes when, if each becomes healthy
 */
record PolicyRollout(PolicyKey policy, RolloutRules rules, PolicyState state, int done, List<Batches.Wave> waves) {
    private static final Set<String> UNCHANGING = Set.of("Pod", "Job");

    PolicyRollout {
        waves = List.copyOf(waves);
    }

    /** How many workloads change. */
    int changing() {
        return waves.stream().mapToInt(wave -> wave.workloads().size()).sum();
    }

    /** The rollout of each policy that is injected into some of these workloads, or could be. */
    static List<PolicyRollout> of(List<WorkloadSection> chapters) {
        Map<PolicyKey, List<Candidate>> candidates = new LinkedHashMap<>();
        Map<PolicyKey, ObjectNode> policies = new LinkedHashMap<>();
        for (WorkloadSection chapter : chapters) {
            for (PolicyExplanation policy : chapter.policies()) {
                if (policy.source().isPresent() && isConcerned(chapter, policy.outcome())) {
                    ObjectNode tree = policy.source().get().tree();
                    policies.put(policy.outcome().policy(), tree);
                    candidates
                            .computeIfAbsent(policy.outcome().policy(), none -> new ArrayList<>())
                            .add(candidate(chapter, policy.outcome(), RolloutRules.of(tree.path("spec"))));
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
    private static boolean isConcerned(WorkloadSection chapter, PolicyOutcome outcome) {
        return outcome.decision() instanceof Decision.Inject
                && !UNCHANGING.contains(chapter.explanation().ref().kind());
    }

    private static Candidate candidate(WorkloadSection chapter, PolicyOutcome outcome, RolloutRules rules) {
        boolean carries = outcome.carriedRevision().equals(Optional.of(outcome.revision()));
        boolean first = rules.first()
                .filter(selector ->
                        selector.matches(new PodTemplate(chapter.injection().stripped()).labels()))
                .isPresent();
        return Candidate.of(
                        chapter.explanation().ref(),
                        carries ? WorkloadState.INJECTED : WorkloadState.QUEUED,
                        chapter.explanation().extent().rollout())
                .first(first);
    }
}

package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Asks the engine about workloads, and adds what a person asks next: where the policies came from, and why the others
 * do not select the workload.
 *
 * @param index the policies
 * @param sources where they came from
 */
public record Explainer(PolicyIndex index, Map<PolicyKey, PolicySource> sources) {
    public Explainer {
        sources = Map.copyOf(sources);
    }

    /** Returns the explanation of a workload for this input and its trigger. */
    public WorkloadExplanation of(String where, Input input) {
        return of(where, Engine.CURRENT.inject(input, index));
    }

    /**
     * Returns the explanation of a stored workload, as the operator sees it. What the workload should get and does not
     * have yet waits for its permission.
     *
     * @param known whether the operator has already reconciled the present state of a policy
     */
    public WorkloadExplanation stored(String where, Input input, Predicate<PolicyKey> known) {
        Injection freely = Engine.CURRENT.inject(input.on(Trigger.Resync.FREELY), index);
        Set<PolicyKey> waiting = freely.outcomes().stream()
                .filter(outcome -> !outcome.retainedRevision().equals(outcome.givenRevision()))
                .map(PolicyOutcome::policy)
                .filter(known)
                .collect(Collectors.toSet());
        if (waiting.isEmpty()) {
            return of(where, freely);
        }
        Trigger waits = new Trigger.Resync(Trigger.PermittedPolicies.ofAllBut(waiting), Set.of());
        return of(where, Engine.CURRENT.inject(input.on(waits), index));
    }

    private WorkloadExplanation of(String where, Injection injection) {
        List<PolicyExplanation> policies = new ArrayList<>();
        Set<PolicyKey> shown = new HashSet<>();
        for (PolicyOutcome outcome : injection.outcomes()) {
            if (outcome.matched() || outcome.retainedRevision().isPresent()) {
                shown.add(outcome.policy());
                policies.add(
                        new PolicyExplanation(outcome, source(outcome.policy()), lost(outcome, injection.input())));
            }
        }
        List<Mismatch> mismatches = index.policies().stream()
                .filter(policy -> !shown.contains(policy.key()))
                .map(policy -> mismatch(policy, injection.input()))
                .toList();
        return new WorkloadExplanation(where, injection, policies, mismatches, List.of(), List.of(), Impact.UNKNOWN);
    }

    /** Returns why a policy no longer selects the workload that has its parts. */
    private List<String> lost(PolicyOutcome outcome, Input input) {
        return outcome.matched()
                ? List.of()
                : index.find(outcome.policy()).stream()
                        .flatMap(policy -> SelectorReport.of(policy, input).missed().stream())
                        .map(SelectorReport.Term::toString)
                        .toList();
    }

    private Mismatch mismatch(CompiledPolicy policy, Input input) {
        return new Mismatch(policy.key(), policy.revision(), source(policy.key()), SelectorReport.of(policy, input));
    }

    private Optional<PolicySource> source(PolicyKey key) {
        return Optional.ofNullable(sources.get(key));
    }
}

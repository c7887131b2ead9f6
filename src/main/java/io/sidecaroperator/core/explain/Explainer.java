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
 * Asks the engine about workloads, and adds what a person asks next: where the policies came from, and why the others do
 * not come.
 *
 * @param book the policies
 * @param sources where they came from
 */
public record Explainer(PolicyIndex book, Map<PolicyKey, PolicySource> sources) {
    public Explainer {
        sources = Map.copyOf(sources);
    }

    /** The explanation of a workload on the occasion of these facts. */
    public WorkloadExplanation of(String where, Input facts) {
        return of(where, Engine.CURRENT.inject(facts, book));
    }

    /**
     * The explanation of a stored workload, as the operator sees it. What it is to be given and does not have yet waits
     * for its turn.
     *
     * @param known whether the operator has taken up a policy as it is now
     */
    public WorkloadExplanation stored(String where, Input facts, Predicate<PolicyKey> known) {
        Injection freely = Engine.CURRENT.inject(facts.on(Trigger.Reconcile.FREELY), book);
        Set<PolicyKey> waiting = freely.outcomes().stream()
                .filter(outcome -> !outcome.carriedRevision().equals(outcome.givenRevision()))
                .map(PolicyOutcome::policy)
                .filter(known)
                .collect(Collectors.toSet());
        if (waiting.isEmpty()) {
            return of(where, freely);
        }
        Trigger waits = new Trigger.Reconcile(Trigger.Turns.ofAllBut(waiting), Set.of());
        return of(where, Engine.CURRENT.inject(facts.on(waits), book));
    }

    private WorkloadExplanation of(String where, Injection injection) {
        List<PolicyExplanation> policies = new ArrayList<>();
        Set<PolicyKey> shown = new HashSet<>();
        for (PolicyOutcome outcome : injection.outcomes()) {
            if (outcome.matched() || outcome.carriedRevision().isPresent()) {
                shown.add(outcome.policy());
                policies.add(
                        new PolicyExplanation(outcome, source(outcome.policy()), lost(outcome, injection.facts())));
            }
        }
        List<Mismatch> misses = book.policies().stream()
                .filter(policy -> !shown.contains(policy.key()))
                .map(policy -> miss(policy, injection.facts()))
                .toList();
        return new WorkloadExplanation(where, injection, policies, misses, List.of(), List.of(), Impact.UNKNOWN);
    }

    /** Why a policy that the workload carries does not select it any more. */
    private List<String> lost(PolicyOutcome outcome, Input facts) {
        return outcome.matched()
                ? List.of()
                : book.find(outcome.policy()).stream()
                        .flatMap(policy -> SelectorReport.of(policy, facts).missed().stream())
                        .map(SelectorReport.Part::toString)
                        .toList();
    }

    private Mismatch miss(CompiledPolicy policy, Input facts) {
        return new Mismatch(policy.key(), policy.revision(), source(policy.key()), SelectorReport.of(policy, facts));
    }

    private Optional<PolicySource> source(PolicyKey key) {
        return Optional.ofNullable(sources.get(key));
    }
}

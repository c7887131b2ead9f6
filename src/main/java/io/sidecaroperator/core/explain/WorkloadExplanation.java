package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.model.WorkloadRef;
import java.util.ArrayList;
import java.util.List;

/**
 * The full explanation of one workload.
 *
 * @param where the place it was read from: a file with its document, or {@code the cluster}
 * @param injection the engine's result
 * @param policies the policies that select it or that have parts in it, in the order of injection
 * @param mismatches the policies that do not select it, in that order
 * @param noted what the cluster's objects say about it in addition, a sentence each
 * @param assumptions what the result assumes because it was not given, a sentence each
 * @param impact what a change of the template means for the pods
 */
public record WorkloadExplanation(
        String where,
        Injection injection,
        List<PolicyExplanation> policies,
        List<Mismatch> mismatches,
        List<String> noted,
        List<String> assumptions,
        Impact impact) {
    public WorkloadExplanation {
        policies = List.copyOf(policies);
        mismatches = List.copyOf(mismatches);
        noted = List.copyOf(noted);
        assumptions = List.copyOf(assumptions);
    }

    /** The workload. */
    public WorkloadRef ref() {
        return injection.input().ref();
    }

    /** The same with more assumptions. */
    public WorkloadExplanation assuming(List<String> more) {
        List<String> all = new ArrayList<>(assumptions);
        all.addAll(more);
        return new WorkloadExplanation(where, injection, policies, mismatches, noted, all, impact);
    }

    /** The same with more sentences from the cluster's objects. */
    public WorkloadExplanation noting(List<String> more) {
        List<String> all = new ArrayList<>(noted);
        all.addAll(more);
        return new WorkloadExplanation(where, injection, policies, mismatches, all, assumptions, impact);
    }

    /** The same with this impact. */
    public WorkloadExplanation with(Impact known) {
        return new WorkloadExplanation(where, injection, policies, mismatches, noted, assumptions, known);
    }
}

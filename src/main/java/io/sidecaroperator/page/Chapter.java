package io.sidecaroperator.page;

import io.sidecaroperator.engine.Edit;
import io.sidecaroperator.engine.Explanation;
import io.sidecaroperator.engine.Injection;
import io.sidecaroperator.explain.PolicyExplanation;
import io.sidecaroperator.explain.WorkloadExplanation;
import java.util.List;
import java.util.Optional;

/** One workload of a page. */
record Chapter(WorkloadExplanation explanation) {
    /** The workload, as people are told: {@code Deployment shop/web}. */
    String subject() {
        return explanation.ref().toString();
    }

    Injection injection() {
        return explanation.injection();
    }

    List<PolicyExplanation> policies() {
        return explanation.policies();
    }

    /** How many pods a change replaces, where that is known. */
    Optional<Integer> pods() {
        return explanation.extent().pods();
    }

    /** The policies with this verdict. */
    List<PolicyExplanation> with(PolicyExplanation.Verdict verdict) {
        return policies().stream().filter(policy -> policy.verdict() == verdict).toList();
    }

    /** Everything that is added to the template. */
    List<Edit> edits() {
        return policies().stream()
                .flatMap(policy -> Explanation.given(policy.outcome()).stream())
                .toList();
    }
}

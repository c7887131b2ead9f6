package io.sidecaroperator.page;

import io.sidecaroperator.engine.Edit;
import io.sidecaroperator.engine.Engine;
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

    /** How many pods the change replaces, where that is known; none when nothing changes. */
    Optional<Integer> pods() {
        boolean changes = !Engine.CURRENT.inSync(injection());
        return explanation.extent().pods().map(pods -> changes ? pods : 0);
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

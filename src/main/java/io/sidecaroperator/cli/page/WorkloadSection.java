package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.receipt.Edit;
import java.util.List;
import java.util.Optional;

/** One workload of a page. */
record WorkloadSection(WorkloadExplanation explanation) {
    /** Returns the workload as people read it: {@code Deployment shop/web}. */
    String subject() {
        return explanation.ref().toString();
    }

    Injection injection() {
        return explanation.injection();
    }

    List<PolicyExplanation> policies() {
        return explanation.policies();
    }

    /** Returns how many pods the change replaces; empty when unknown, 0 when nothing changes. */
    Optional<Integer> pods() {
        boolean changes = !Engine.CURRENT.inSync(injection());
        return explanation.impact().pods().map(pods -> changes ? pods : 0);
    }

    /** Returns the policies with this verdict. */
    List<PolicyExplanation> with(PolicyExplanation.Verdict verdict) {
        return policies().stream().filter(policy -> policy.verdict() == verdict).toList();
    }

    /** Returns everything that is added to the template. */
    List<Edit> edits() {
        return policies().stream()
                .flatMap(policy -> Explanation.given(policy.outcome()).stream())
                .toList();
    }
}

package io.sidecaroperator.page;

import io.sidecaroperator.engine.Edit;
import io.sidecaroperator.engine.Explanation;
import io.sidecaroperator.engine.Injection;
import io.sidecaroperator.explain.PolicyExplanation;
import io.sidecaroperator.explain.WorkloadExplanation;
import io.sidecaroperator.workload.Rollout;
import java.util.List;
import java.util.Optional;

/**
 * One workload of a page.
 *
 * @param explanation everything there is to say about it
 * @param pods how many pods it has, where that is known
 * @param rollout how far its pods follow its template
 */
public record Chapter(WorkloadExplanation explanation, Optional<Integer> pods, Rollout rollout) {
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

package io.sidecaroperator.operator.write;

import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The policies whose parts now belong to the user: they were deleted with {@code deletion: Orphan}, and the workload's
 * own metadata says so ({@link io.sidecaroperator.core.workload.OrphanedAnnotation}).
 */
final class Orphans {
    private Orphans() {}

    /** Returns the policies that the annotation has to name when the template is as this injection wants it. */
    static SortedSet<PolicyKey> after(Injection injection, boolean templateChanges) {
        SortedSet<PolicyKey> policies = new TreeSet<>();
        for (PolicyKey marked : injection.input().orphaned()) {
            Optional<PolicyOutcome> outcome = injection.outcomes().stream()
                    .filter(one -> one.policy().equals(marked))
                    .findFirst();
            boolean takenUpAgain = outcome.filter(one -> one.plan().isPresent()).isPresent();
            if (!templateChanges && !takenUpAgain) {
                policies.add(marked);
            }
        }
        injection.outcomes().stream()
                .filter(Orphans::isLeftToUser)
                .map(PolicyOutcome::policy)
                .forEach(policies::add);
        return policies;
    }

    /** Whether the policy is gone and its parts now belong to the user. */
    static boolean isLeftToUser(PolicyOutcome outcome) {
        return outcome.plan().isPresent()
                && outcome.decision() instanceof Decision.Skip skip
                && skip.reason() == Reason.LeftToUser;
    }
}

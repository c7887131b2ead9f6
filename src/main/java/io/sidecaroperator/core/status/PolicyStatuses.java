package io.sidecaroperator.core.status;

import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.api.v1alpha1.WorkloadExceptionEntry;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes a policy's status from the observations of its workloads. */
public final class PolicyStatuses {
    private PolicyStatuses() {}

    /** Returns the status to write; empty when it equals {@code before}. */
    public static Optional<SidecarPolicyStatus> next(
            @Nullable SidecarPolicyStatus before,
            PolicyView policy,
            Collection<WorkloadObservation> workloads,
            Clock clock) {
        WorkloadTotals totals = WorkloadTotals.of(policy.key(), workloads);
        List<PolicyCondition> oldConditions = before == null ? List.of() : before.conditions();
        List<WorkloadExceptionEntry> listed = before == null ? List.of() : before.exceptions();
        List<Problems.Problem> problems = Problems.of(policy.key(), workloads, listed);
        RevisionProgress progress = RevisionProgress.of(before, policy, workloads, totals);
        boolean valid = policy.problems().isEmpty();
        SidecarPolicyStatus next = new SidecarPolicyStatus(
                Conditions.of(oldConditions, new Conditions.Findings(policy, totals, problems, progress), clock),
                policy.generation(),
                policy.revision().orElse(null),
                progress.proven().orElse(null),
                progress.failed().orElse(null),
                valid ? totals.counts() : null,
                policy.cost().addedRequests(),
                Problems.entries(problems),
                valid ? Previews.of(policy, progress, workloads).orElse(null) : null);
        return next.equals(before) ? Optional.empty() : Optional.of(next);
    }
}

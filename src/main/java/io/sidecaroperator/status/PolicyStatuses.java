package io.sidecaroperator.status;

import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.api.v1alpha1.WorkloadExceptionEntry;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From what the ledger says of a policy's workloads to the policy's status. */
public final class PolicyStatuses {
    private PolicyStatuses() {}

    /** The status to be written, or empty when it says what {@code before} already says. */
    public static Optional<SidecarPolicyStatus> next(
            @Nullable SidecarPolicyStatus before,
            PolicyView policy,
            Collection<WorkloadRecord> workloads,
            Clock clock) {
        Tally tally = Tally.of(policy.key(), workloads);
        List<PolicyCondition> oldConditions = before == null ? List.of() : before.conditions();
        List<WorkloadExceptionEntry> listed = before == null ? List.of() : before.exceptions();
        List<Exceptions.Item> exceptions = Exceptions.of(policy.key(), workloads, listed);
        boolean valid = policy.problems().isEmpty();
        SidecarPolicyStatus next = new SidecarPolicyStatus(
                Conditions.of(oldConditions, policy, tally, exceptions, clock),
                policy.generation(),
                policy.revision().orElse(null),
                proven(before, policy, tally),
                before == null ? null : before.failedRevision(),
                valid ? tally.counts() : null,
                policy.footprint().addedRequests(),
                Exceptions.entries(exceptions),
                valid ? Previews.of(policy, workloads).orElse(null) : null);
        return next.equals(before) ? Optional.empty() : Optional.of(next);
    }

    /** Whether the revision that the policy injects now has failed. */
    static boolean isFailed(PolicyView policy) {
        return policy.revision().isPresent() && policy.state().failed().equals(policy.revision());
    }

    /** A revision is proven when every matched workload that carries it runs it, and at least one does. */
    private static @Nullable String proven(@Nullable SidecarPolicyStatus before, PolicyView policy, Tally tally) {
        boolean provenNow = tally.settled()
                && tally.outdated() == 0
                && tally.complete() > 0
                && !policy.deleting()
                && !policy.state().audit()
                && !isFailed(policy);
        String old = before == null ? null : before.provenRevision();
        return provenNow ? policy.revision().orElse(old) : old;
    }
}

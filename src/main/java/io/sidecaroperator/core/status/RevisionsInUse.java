package io.sidecaroperator.core.status;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The revisions of a policy that a workload has or may get again: they are never deleted. */
public final class RevisionsInUse {
    private RevisionsInUse() {}

    /**
     * The revisions that receipts name, that a workload had before its last write, and that are proven or failed.
     *
     * @param workloads the observations of all workloads that the policy concerns
     */
    public static Set<String> of(CompiledPolicy policy, Collection<WorkloadObservation> workloads) {
        PolicyKey key = policy.key();
        Set<String> used = new HashSet<>();
        for (WorkloadObservation workload : workloads) {
            workload.revision(key).ifPresent(used::add);
            workload.workloadRollout(key)
                    .flatMap(workloadRollout -> workloadRollout.change().from())
                    .ifPresent(used::add);
        }
        policy.state().proven().ifPresent(used::add);
        policy.state().failed().ifPresent(used::add);
        return used;
    }
}

package io.sidecaroperator.status;

import io.sidecaroperator.api.v1alpha1.WorkloadCounts;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.Reason;
import io.sidecaroperator.workload.Rollout;
import java.util.Collection;
import java.util.Optional;

/**
 * How many workloads stand how to one policy.
 *
 * @param leaving those that are still to lose the policy's parts, also when they are selected and skipped
 * @param progressing injected by the operator, and still to show that they run well
 * @param healthy injected and run it
 * @param held outdated, and not because others come first
 * @param waiting those of them that wait until their owners change them
 */
record Tally(
        int injected,
        int outdated,
        int refused,
        int skipped,
        int leaving,
        int progressing,
        int healthy,
        int held,
        int waiting) {

    static Tally of(PolicyKey key, Collection<WorkloadRecord> workloads) {
        int[] standings = new int[Standing.values().length];
        int progressing = 0;
        int healthy = 0;
        int held = 0;
        int waiting = 0;
        int leaving = 0;
        for (WorkloadRecord workload : workloads) {
            PolicyStanding standing = workload.policies().get(key);
            if (standing == null) {
                continue;
            }
            standings[standing.standing().ordinal()]++;
            boolean passedOver = standing.standing() == Standing.SKIPPED || standing.standing() == Standing.REFUSED;
            leaving += standing.standing() == Standing.LEAVING || passedOver && standing.waits() ? 1 : 0;
            if (standing.standing() == Standing.OUTDATED) {
                held += standing.reason().isPresent() && !standing.waits() ? 1 : 0;
                waiting += standing.reason().equals(Optional.of(Reason.AwaitsOwner)) ? 1 : 0;
            }
            if (standing.standing() == Standing.INJECTED) {
                boolean up = workload.isInFlight(key);
                progressing += up ? 1 : 0;
                healthy += !up && workload.rollout() == Rollout.COMPLETE ? 1 : 0;
            }
        }
        return new Tally(
                standings[Standing.INJECTED.ordinal()],
                standings[Standing.OUTDATED.ordinal()],
                standings[Standing.REFUSED.ordinal()],
                standings[Standing.SKIPPED.ordinal()],
                leaving,
                progressing,
                healthy,
                held,
                waiting);
    }

    int matched() {
        return injected + outdated + refused + skipped;
    }

    /** Whether nothing is left to do or to wait for. */
    boolean settled() {
        return outdated == waiting && progressing == 0 && leaving == 0;
    }

    WorkloadCounts counts() {
        return new WorkloadCounts(matched(), injected, outdated, refused, skipped, progressing);
    }
}

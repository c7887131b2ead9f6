package io.sidecaroperator.status;

import io.sidecaroperator.api.v1alpha1.WorkloadCounts;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.workload.Rollout;
import java.util.Collection;

/** How many workloads stand how to one policy; {@code complete} ones are injected and run it. */
record Tally(int injected, int outdated, int refused, int skipped, int leaving, int progressing, int complete) {

    static Tally of(PolicyKey key, Collection<WorkloadRecord> workloads) {
        int[] standings = new int[Standing.values().length];
        int progressing = 0;
        int complete = 0;
        for (WorkloadRecord workload : workloads) {
            PolicyStanding standing = workload.policies().get(key);
            if (standing == null) {
                continue;
            }
            standings[standing.standing().ordinal()]++;
            if (standing.standing() == Standing.INJECTED) {
                progressing += workload.rollout() == Rollout.PROGRESSING ? 1 : 0;
                complete += workload.rollout() == Rollout.COMPLETE ? 1 : 0;
            }
        }
        return new Tally(
                standings[Standing.INJECTED.ordinal()],
                standings[Standing.OUTDATED.ordinal()],
                standings[Standing.REFUSED.ordinal()],
                standings[Standing.SKIPPED.ordinal()],
                standings[Standing.LEAVING.ordinal()],
                progressing,
                complete);
    }

    int matched() {
        return injected + outdated + refused + skipped;
    }

    /** Whether nothing is left to do or to wait for. */
    boolean settled() {
        return outdated == 0 && progressing == 0 && leaving == 0;
    }

    WorkloadCounts counts() {
        return new WorkloadCounts(matched(), injected, outdated, refused, skipped, progressing);
    }
}

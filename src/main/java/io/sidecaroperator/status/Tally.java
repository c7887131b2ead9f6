package io.sidecaroperator.status;

import io.sidecaroperator.api.v1alpha1.WorkloadCounts;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.Reason;
import io.sidecaroperator.workload.Rollout;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many workloads stand how to one policy.
 *
 * @param standings how many there are of each standing; a standing that no workload has is left out
 * @param leaving those that are still to lose the policy's parts, also when they are selected and skipped
 * @param progressing injected by the operator, and still to show that they run well
 * @param healthy injected and run it
 * @param held outdated, and not because others come first
 * @param waiting those of them that wait until their owners change them
 */
record Tally(Map<Standing, Integer> standings, int leaving, int progressing, int healthy, int held, int waiting) {

    static Tally of(PolicyKey key, Collection<WorkloadRecord> workloads) {
        Map<Standing, Integer> standings = new EnumMap<>(Standing.class);
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
            standings.merge(standing.standing(), 1, Integer::sum);
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
        return new Tally(standings, leaving, progressing, healthy, held, waiting);
    }

    int injected() {
        return count(Standing.INJECTED);
    }

    int outdated() {
        return count(Standing.OUTDATED);
    }

    int refused() {
        return count(Standing.REFUSED);
    }

    int skipped() {
        return count(Standing.SKIPPED);
    }

    /** How many the policy selects. */
    int matched() {
        return standings.entrySet().stream()
                .filter(entry -> entry.getKey().matched())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Whether nothing is left to do or to wait for. */
    boolean settled() {
        return outdated() == waiting && progressing == 0 && leaving == 0;
    }

    WorkloadCounts counts() {
        return new WorkloadCounts(matched(), injected(), outdated(), refused(), skipped(), progressing);
    }

    private int count(Standing standing) {
        return standings.getOrDefault(standing, 0);
    }
}

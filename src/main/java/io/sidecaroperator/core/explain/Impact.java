package io.sidecaroperator.core.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.workload.Restarts;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.Optional;

/**
 * What a change of a workload's template means for its pods.
 *
 * @param pods how many it replaces, where that is known
 * @param rollout how far the pods follow the template
 */
public record Impact(Optional<Integer> pods, RolloutState rollout) {
    /** The impact is unknown. */
    public static final Impact UNKNOWN = new Impact(Optional.empty(), RolloutState.COMPLETE);

    /** Returns the impact on a stored workload. */
    public static Impact ofStored(WorkloadKind kind, JsonNode workload) {
        return new Impact(Optional.of(Restarts.of(kind, workload)), RolloutState.of(kind, workload));
    }

    /**
     * Returns the impact on a workload in a manifest. It has no status, and counts as complete where its owner lets it
     * roll.
     */
    public static Impact ofManifest(WorkloadKind kind, JsonNode workload) {
        boolean deferred = RolloutState.of(kind, workload) == RolloutState.DEFERRED;
        // Only a cluster knows the number of nodes for a DaemonSet.
        Optional<Integer> pods =
                kind.equals(WorkloadKind.DAEMON_SET) ? Optional.empty() : Optional.of(Restarts.of(kind, workload));
        return new Impact(pods, deferred ? RolloutState.DEFERRED : RolloutState.COMPLETE);
    }
}

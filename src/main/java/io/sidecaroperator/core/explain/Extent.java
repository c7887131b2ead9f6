package io.sidecaroperator.core.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.workload.Restarts;
import io.sidecaroperator.core.workload.Rollout;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.Optional;

/**
 * What a change of a workload's template means for its pods.
 *
 * @param pods how many it replaces, where that is known
 * @param rollout how far the pods follow the template
 */
public record Extent(Optional<Integer> pods, Rollout rollout) {
    /** Nothing is known. */
    public static final Extent UNKNOWN = new Extent(Optional.empty(), Rollout.COMPLETE);

    /** The extent of a stored workload. */
    public static Extent ofStored(WorkloadKind kind, JsonNode workload) {
        return new Extent(Optional.of(Restarts.of(kind, workload)), Rollout.of(kind, workload));
    }

    /** The extent of a workload in a manifest: it has no status, and counts as complete where its owner lets it roll. */
    public static Extent ofManifest(WorkloadKind kind, JsonNode workload) {
        boolean deferred = Rollout.of(kind, workload) == Rollout.DEFERRED;
        // How many nodes there are for a DaemonSet only a cluster knows.
        Optional<Integer> pods =
                kind.equals(WorkloadKind.DAEMON_SET) ? Optional.empty() : Optional.of(Restarts.of(kind, workload));
        return new Extent(pods, deferred ? Rollout.DEFERRED : Rollout.COMPLETE);
    }
}

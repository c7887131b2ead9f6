package io.sidecaroperator.core.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;

/** What becomes of a policy's parts when it is deleted. */
public enum DeletionPolicy {
    /** They are taken away, and the policy waits for that. */
    DELETE,
    /** They become the user's, and the policy waits until that is written down. */
    ORPHAN,
    /** They go with each workload's own next change, and nobody waits. */
    DEFERRED;

    /** What the policy of this spec asks for. */
    public static DeletionPolicy of(JsonNode spec) {
        if ("Orphan".equals(Json.textAt(spec, "deletion"))) {
            return ORPHAN;
        }
        return "OnNextRollout".equals(Json.textAt(spec.path("rollout"), "strategy")) ? DEFERRED : DELETE;
    }
}

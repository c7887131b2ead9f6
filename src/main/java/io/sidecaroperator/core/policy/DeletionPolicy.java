package io.sidecaroperator.core.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;

/** What happens to a policy's parts when the policy is deleted. */
public enum DeletionPolicy {
    /** They are removed, and the policy's deletion waits for that. */
    DELETE,
    /** They become the user's, and the policy's deletion waits until that is recorded. */
    ORPHAN,
    /** They go with each workload's own next change. The policy's deletion does not wait. */
    DEFERRED;

    /** Reads what the policy of this spec asks for. */
    public static DeletionPolicy of(JsonNode spec) {
        if ("Orphan".equals(Json.textAt(spec, "deletion"))) {
            return ORPHAN;
        }
        return "OnNextRollout".equals(Json.textAt(spec.path("rollout"), "strategy")) ? DEFERRED : DELETE;
    }
}

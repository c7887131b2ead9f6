package io.sidecaroperator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.tree.Json;
import java.util.Optional;

/** How far the pods of a workload follow its template, read off the object alone. */
public enum Rollout {
    /** Every pod runs the template as it is now. */
    COMPLETE,
    /** Pods are still being replaced, or the controller has not looked yet. */
    PROGRESSING,
    /** Nothing moves until its owner lets it: paused, or scaled to zero. It proves nothing. */
    DEFERRED;

    /**
     * The rollout of a Deployment. Complete is what the controller says with {@code NewReplicaSetAvailable} at this
     * generation: it stays so when a pod turns unready later. Going back to an earlier ReplicaSet leaves that reason
     * standing for a moment, so the counts are asked too.
     */
    public static Rollout ofDeployment(JsonNode deployment) {
        JsonNode spec = deployment.path("spec");
        JsonNode status = deployment.path("status");
        if (spec.path("paused").asBoolean(false) || spec.path("replicas").asInt(1) == 0) {
            return DEFERRED;
        }
        long generation = deployment.path("metadata").path("generation").asLong(0);
        if (status.path("observedGeneration").asLong(-1) < generation) {
            return PROGRESSING;
        }
        int updated = status.path("updatedReplicas").asInt(0);
        if (updated != status.path("replicas").asInt(0)) {
            return PROGRESSING;
        }
        Optional<JsonNode> progressing = Json.objects(status, "conditions")
                .filter(condition -> "Progressing".equals(Json.textAt(condition, "type")))
                .map(JsonNode.class::cast)
                .findFirst();
        boolean complete = progressing.isPresent()
                ? "True".equals(Json.textAt(progressing.get(), "status"))
                        && "NewReplicaSetAvailable".equals(Json.textAt(progressing.get(), "reason"))
                : allAvailable(spec, status, updated);
        return complete ? COMPLETE : PROGRESSING;
    }

    /** A Deployment without a progress deadline has no such condition: the counts decide, as in {@code kubectl rollout status}. */
    private static boolean allAvailable(JsonNode spec, JsonNode status, int updated) {
        return updated >= spec.path("replicas").asInt(1)
                && status.path("availableReplicas").asInt(0) >= updated;
    }
}

package io.sidecaroperator.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import java.util.Optional;
import java.util.stream.Stream;

/** How far the pods of a workload follow its template, as the object alone shows. */
public enum RolloutState {
    /** Every pod runs the present template. */
    COMPLETE,
    /** Pods are still being replaced, or the controller has not observed the template yet. */
    PROGRESSING,
    /** Pods change only when the owner lets them: paused, scaled to zero, a CronJob. It does not prove a revision. */
    DEFERRED;

    private static final String UPDATED_REPLICAS = "updatedReplicas";

    /** Returns the rollout state of an object of this kind. */
    public static RolloutState of(WorkloadKind kind, JsonNode object) {
        if (kind.equals(WorkloadKind.DEPLOYMENT)) {
            return ofDeployment(object);
        } else if (kind.equals(WorkloadKind.STATEFUL_SET)) {
            return ofStatefulSet(object);
        } else if (kind.equals(WorkloadKind.DAEMON_SET)) {
            return ofDaemonSet(object);
        }
        return WorkloadKind.ALL.contains(kind) ? DEFERRED : ofUnknown(object);
    }

    /**
     * Complete when the controller says so with {@code NewReplicaSetAvailable} at this generation. That stays when a
     * pod becomes unready later. After a rollback to an earlier ReplicaSet the reason is outdated for a moment, so the
     * counts are checked too.
     */
    private static RolloutState ofDeployment(JsonNode deployment) {
        JsonNode spec = deployment.path("spec");
        JsonNode status = deployment.path("status");
        if (spec.path("paused").asBoolean(false) || replicas(spec) == 0) {
            return DEFERRED;
        }
        int updated = status.path(UPDATED_REPLICAS).asInt(0);
        if (!isObserved(deployment) || updated != status.path("replicas").asInt(0)) {
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

    /**
     * A Deployment without a progress deadline has no such condition. The counts decide, as in
     * {@code kubectl rollout status}.
     */
    private static boolean allAvailable(JsonNode spec, JsonNode status, int updated) {
        return updated >= replicas(spec) && status.path("availableReplicas").asInt(0) >= updated;
    }

    /** With a partition, only the pods above it are ever updated, and the two revisions stay apart for good. */
    private static RolloutState ofStatefulSet(JsonNode set) {
        JsonNode spec = set.path("spec");
        JsonNode status = set.path("status");
        JsonNode strategy = spec.path("updateStrategy");
        int partition = strategy.path("rollingUpdate").path("partition").asInt(0);
        int wanted = replicas(spec) - partition;
        if (isOnDelete(strategy) || wanted <= 0) {
            return DEFERRED;
        }
        boolean switched = partition > 0
                || status.path("currentRevision")
                        .asText("")
                        .equals(status.path("updateRevision").asText(""));
        return isObserved(set)
                        && switched
                        && status.path(UPDATED_REPLICAS).asInt(0) >= wanted
                        && status.path("readyReplicas").asInt(0) >= replicas(spec)
                ? COMPLETE
                : PROGRESSING;
    }

    private static RolloutState ofDaemonSet(JsonNode set) {
        JsonNode status = set.path("status");
        int desired = status.path("desiredNumberScheduled").asInt(0);
        if (isOnDelete(set.path("spec").path("updateStrategy"))) {
            return DEFERRED;
        }
        if (!isObserved(set)) {
            return PROGRESSING;
        }
        if (desired == 0) {
            return DEFERRED; // Its pods fit on no node.
        }
        return status.path("updatedNumberScheduled").asInt(0) >= desired
                        && status.path("numberAvailable").asInt(0) >= desired
                ? COMPLETE
                : PROGRESSING;
    }

    /**
     * A custom kind. If it reports its replicas as a Deployment does, they are understood. Otherwise it counts as
     * deferred.
     */
    private static RolloutState ofUnknown(JsonNode object) {
        JsonNode status = object.path("status");
        boolean known = status.has("observedGeneration")
                && Stream.of("replicas", UPDATED_REPLICAS, "availableReplicas")
                        .anyMatch(count -> status.path(count).isIntegralNumber());
        return known ? ofDeployment(object) : DEFERRED;
    }

    private static boolean isOnDelete(JsonNode strategy) {
        return "OnDelete".equals(Json.textAt(strategy, "type"));
    }

    private static boolean isObserved(JsonNode object) {
        return object.path("status").path("observedGeneration").asLong(-1)
                >= object.path("metadata").path("generation").asLong(0);
    }

    private static int replicas(JsonNode spec) {
        return spec.path("replicas").asInt(1);
    }
}

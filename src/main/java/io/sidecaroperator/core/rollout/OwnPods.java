package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells which of the pods that a selector finds are the workload's own. Selectors of two workloads may overlap (for
 * example a stable one and its canary), and the failures of one do not concern the other.
 */
public final class OwnPods {
    private static final Set<WorkloadKind> DIRECT =
            Set.of(WorkloadKind.STATEFUL_SET, WorkloadKind.DAEMON_SET, WorkloadKind.REPLICA_SET);

    /** The label by which a Deployment's controller names its ReplicaSets: {@code <deployment>-<hash>}. */
    private static final String HASH = "pod-template-hash";

    private OwnPods() {}

    /** Returns the workload's own pods; all pods where only the kind's own controller can tell them apart. */
    public static List<JsonNode> of(WorkloadKind kind, JsonNode workload, List<JsonNode> pods) {
        if (DIRECT.contains(kind)) {
            String uid = text(workload, "uid");
            return controlledBy(pods, (pod, owner) -> uid.equals(Json.textAt(owner, "uid")));
        }
        if (kind.equals(WorkloadKind.DEPLOYMENT)) {
            String name = text(workload, "name");
            return controlledBy(pods, (pod, owner) -> isReplicaSetOf(name, pod, owner));
        }
        return pods;
    }

    private static boolean isReplicaSetOf(String deployment, JsonNode pod, JsonNode owner) {
        String hash = pod.path("metadata").path("labels").path(HASH).asText();
        return "ReplicaSet".equals(Json.textAt(owner, "kind"))
                && (deployment + "-" + hash).equals(Json.textAt(owner, "name"));
    }

    private static List<JsonNode> controlledBy(
            List<JsonNode> pods, java.util.function.BiPredicate<JsonNode, JsonNode> isTheirs) {
        Predicate<JsonNode> own = pod -> Json.objects(pod.path("metadata"), "ownerReferences")
                .anyMatch(owner -> owner.path("controller").asBoolean(false) && isTheirs.test(pod, owner));
        return pods.stream().filter(own).toList();
    }

    private static String text(JsonNode object, String key) {
        return object.path("metadata").path(key).asText();
    }
}

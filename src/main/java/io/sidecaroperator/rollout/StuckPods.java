package io.sidecaroperator.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.workload.WorkloadKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the pod that keeps a StatefulSet from being rolled back: with {@code OrderedReady} its controller waits for a pod
 * of the failed template to become ready before it replaces it.
 */
public final class StuckPods {
    private StuckPods() {}

    /** A pod that has to be deleted for its StatefulSet to go on; only the one with this uid. */
    public record StuckPod(String name, String uid) {}

    /** Whether the controller of such an object waits for each pod, so that a rolled back template alone repairs nothing. */
    public static boolean areWaitedFor(WorkloadKind kind, JsonNode object) {
        JsonNode spec = object.path("spec");
        return kind.equals(WorkloadKind.STATEFUL_SET)
                && !"Parallel".equals(Json.textAt(spec, "podManagementPolicy"))
                && !"OnDelete".equals(Json.textAt(spec.path("updateStrategy"), "type"));
    }

    /** The pod with the highest ordinal that carries a policy at its failed revision, is not ready and is not going. */
    public static Optional<StuckPod> of(List<JsonNode> pods, Map<PolicyKey, String> failed) {
        return pods.stream()
                .filter(pod -> failed.entrySet().stream()
                        .anyMatch(policy -> PodFaults.entry(pod, policy.getKey())
                                .filter(entry -> entry.revision().equals(policy.getValue()))
                                .isPresent()))
                .filter(pod -> !isGoing(pod) && !isReady(pod))
                .max(Comparator.comparingLong(StuckPods::ordinal))
                .map(pod -> new StuckPod(text(pod, "name"), text(pod, "uid")));
    }

    /** The pods that this object controls: those of others may have the same labels. */
    public static List<JsonNode> controlledBy(JsonNode object, List<JsonNode> pods) {
        String uid = text(object, "uid");
        return pods.stream()
                .filter(pod -> Json.objects(pod.path("metadata"), "ownerReferences")
                        .anyMatch(owner -> owner.path("controller").asBoolean(false)
                                && uid.equals(owner.path("uid").asText())))
                .toList();
    }

    /** Whether one of the pods is being deleted already: the next has to wait for it. */
    public static boolean isAnyGoing(List<JsonNode> pods) {
        return pods.stream().anyMatch(StuckPods::isGoing);
    }

    private static boolean isGoing(JsonNode pod) {
        return !Json.isAbsent(pod.path("metadata").get("deletionTimestamp"));
    }

    private static boolean isReady(JsonNode pod) {
        return PodFaults.condition(pod, "Ready")
                .filter(condition -> "True".equals(Json.textAt(condition, "status")))
                .isPresent();
    }

    private static long ordinal(JsonNode pod) {
        String name = text(pod, "name");
        String digits = name.substring(name.lastIndexOf('-') + 1);
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }

    private static String text(JsonNode pod, String key) {
        return pod.path("metadata").path(key).asText();
    }
}

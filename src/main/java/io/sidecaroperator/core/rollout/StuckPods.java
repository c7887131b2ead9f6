package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the pod that keeps a StatefulSet from getting another template. With {@code OrderedReady} its controller
 * replaces a pod only when it is ready, even if the pod's own template fails to run.
 */
public final class StuckPods {
    private StuckPods() {}

    /** A pod that has to be deleted for its StatefulSet to continue; only the one with this uid. */
    public record StuckPod(String name, String uid) {}

    /**
     * Whether the controller of such an object waits for each pod, so that a good template alone does not repair it.
     */
    public static boolean areWaitedFor(WorkloadKind kind, JsonNode object) {
        JsonNode spec = object.path("spec");
        return kind.equals(WorkloadKind.STATEFUL_SET)
                && !"Parallel".equals(Json.textAt(spec, "podManagementPolicy"))
                && !"OnDelete".equals(Json.textAt(spec.path("updateStrategy"), "type"));
    }

    /**
     * The pod with the highest ordinal that has a policy at one of these revisions, is not ready and is not
     * terminating.
     */
    public static Optional<StuckPod> of(List<JsonNode> pods, Map<PolicyKey, Set<String>> revisions) {
        return pods.stream()
                .filter(StuckPods::isWaitedFor)
                .filter(pod -> revisions.entrySet().stream()
                        .anyMatch(policy -> revision(pod, policy.getKey())
                                .filter(policy.getValue()::contains)
                                .isPresent()))
                .max(Comparator.comparingLong(StuckPods::ordinal))
                .map(pod -> new StuckPod(text(pod, "name"), text(pod, "uid")));
    }

    /**
     * The revisions, by policy, that an earlier write brought and that this write has replaced before they ran in every
     * pod: those at which the controller still waits for pods. The workload was healthy with {@code from}, so that
     * revision is excluded. Pods below the update's partition are excluded too.
     *
     * @param pods the workload's own
     */
    public static Map<PolicyKey, Set<String>> overtaken(LastWrite record, JsonNode workload, List<JsonNode> pods) {
        long partition =
                workload.at("/spec/updateStrategy/rollingUpdate/partition").asLong(0);
        Map<PolicyKey, Set<String>> overtaken = new HashMap<>();
        record.changes()
                .forEach((key, change) -> pods.stream()
                        .filter(pod -> isWaitedFor(pod) && ordinal(pod) >= partition)
                        .flatMap(pod -> revision(pod, key).stream())
                        .filter(revision -> !change.from().equals(Optional.of(revision))
                                && !change.to().equals(Optional.of(revision)))
                        .forEach(revision -> overtaken
                                .computeIfAbsent(key, absent -> new HashSet<>())
                                .add(revision)));
        return overtaken;
    }

    private static Optional<String> revision(JsonNode pod, PolicyKey policy) {
        return PodFailures.entry(pod, policy).map(Receipt.Entry::revision);
    }

    private static boolean isWaitedFor(JsonNode pod) {
        return !isGoing(pod) && !isReady(pod);
    }

    /** Whether one of the pods is already terminating: the next has to wait for it. */
    public static boolean isAnyGoing(List<JsonNode> pods) {
        return pods.stream().anyMatch(StuckPods::isGoing);
    }

    private static boolean isGoing(JsonNode pod) {
        return !Json.isAbsent(pod.path("metadata").get("deletionTimestamp"));
    }

    private static boolean isReady(JsonNode pod) {
        return PodFailures.condition(pod, "Ready")
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

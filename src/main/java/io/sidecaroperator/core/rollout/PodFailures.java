package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the new pods of a workload say about the sidecars of a policy. New pods have the policy at the given revision.
 */
public final class PodFailures {
    /** A sidecar that runs or may still start to run, but not in time. */
    public static final String NOT_READY = "NotReady";

    /** A rollout that took too long, without a sidecar that is known to be the cause. */
    public static final String TOO_LATE = "ProgressDeadlineExceeded";

    private static final Comparator<FailureCause> WORST_FIRST =
            Comparator.comparingInt(cause -> switch (cause.reason()) {
                case ContainerStatus.OOM_KILLED -> 0;
                case ContainerStatus.CRASH_LOOP -> 1;
                default -> 2;
            });

    private PodFailures() {}

    private record NewPod(String name, JsonNode json, Receipt.Entry entry) {
        boolean isSidecar(ContainerStatus container) {
            return entry.names(Place.CONTAINERS).containsKey(container.name())
                    || entry.names(Place.INIT_CONTAINERS).containsKey(container.name());
        }

        boolean failed() {
            return "Failed".equals(Json.textAt(json.path("status"), "phase"));
        }

        /** Its containers that are late. Without a node or a sandbox for the pod, the containers are not the cause. */
        Stream<ContainerStatus> late() {
            return isFalse(json, "PodScheduled") || isFalse(json, "PodReadyToStartContainers")
                    ? Stream.empty()
                    : ContainerStatus.reached(json).stream().filter(container -> !container.isReady());
        }

        FailureCause cause(ContainerStatus container, String reason, String message) {
            return new FailureCause(Optional.of(container.name()), reason, message, name);
        }
    }

    /**
     * Returns the sidecar of the policy that fails to run, the worst one first: killed for its memory, crashing, any
     * other.
     */
    public static Optional<FailureCause> of(List<JsonNode> pods, PolicyKey policy, String revision) {
        return newOnes(pods, policy, revision)
                .flatMap(pod -> ContainerStatus.of(pod.json).stream()
                        .filter(pod::isSidecar)
                        .flatMap(container -> container.failure(pod.failed()).stream()
                                .map(reason -> pod.cause(container, reason, container.message()))))
                .min(WORST_FIRST);
    }

    /** Returns the sidecar of the policy that is not ready, although every container before it has started. */
    public static Optional<FailureCause> notReady(List<JsonNode> pods, PolicyKey policy, String revision) {
        return newOnes(pods, policy, revision)
                .flatMap(pod -> pod.late()
                        .filter(pod::isSidecar)
                        .map(container -> pod.cause(container, NOT_READY, container.lateness())))
                .findFirst();
    }

    /** Returns a failure cause without a container, with what the pods show. */
    public static FailureCause tooLate(List<JsonNode> pods, PolicyKey policy, String revision) {
        List<Function<NewPod, Optional<String>>> tellers = List.of(
                PodFailures::failure, PodFailures::withoutNode, PodFailures::withoutSandbox, PodFailures::lateness);
        for (Function<NewPod, Optional<String>> teller : tellers) {
            Optional<FailureCause> cause = newOnes(pods, policy, revision)
                    .flatMap(pod -> teller.apply(pod).stream()
                            .map(message -> new FailureCause(Optional.empty(), TOO_LATE, message, pod.name)))
                    .findFirst();
            if (cause.isPresent()) {
                return cause.get();
            }
        }
        return new FailureCause(Optional.empty(), TOO_LATE, "", "");
    }

    /** The condition of this type in an object's status. */
    static Optional<ObjectNode> condition(JsonNode object, String type) {
        return Json.objects(object.path("status"), "conditions")
                .filter(condition -> type.equals(Json.textAt(condition, "type")))
                .findFirst();
    }

    private static boolean isFalse(JsonNode object, String type) {
        return condition(object, type)
                .filter(condition -> "False".equals(Json.textAt(condition, "status")))
                .isPresent();
    }

    /** In the order of their names, without those that are terminating. */
    private static Stream<NewPod> newOnes(List<JsonNode> pods, PolicyKey policy, String revision) {
        return pods.stream()
                .filter(pod -> Json.isAbsent(pod.path("metadata").get("deletionTimestamp")))
                .flatMap(pod -> entry(pod, policy).stream()
                        .filter(entry -> entry.revision().equals(revision))
                        .map(entry ->
                                new NewPod(pod.path("metadata").path("name").asText(), pod, entry)))
                .sorted(Comparator.comparing(NewPod::name));
    }

    /** The receipt entry of a policy on a pod. */
    static Optional<Receipt.Entry> entry(JsonNode pod, PolicyKey policy) {
        return pod instanceof ObjectNode object
                ? Engine.receiptOf(object).map(receipt -> receipt.entries().get(policy))
                : Optional.empty();
    }

    private static Optional<String> failure(NewPod pod) {
        return ContainerStatus.of(pod.json).stream()
                .flatMap(container -> container.failure(pod.failed()).stream()
                        .map(reason -> said("container " + container.name() + ": " + reason, container.message())))
                .findFirst();
    }

    private static Optional<String> withoutNode(NewPod pod) {
        return isFalse(pod.json, "PodScheduled")
                ? condition(pod.json, "PodScheduled")
                        .map(condition -> said(
                                condition.path("reason").asText("Unschedulable"),
                                ContainerStatus.start(condition.path("message").asText())))
                : Optional.empty();
    }

    private static Optional<String> withoutSandbox(NewPod pod) {
        return isFalse(pod.json, "PodReadyToStartContainers")
                ? Optional.of("its volumes or its network are not ready")
                : Optional.empty();
    }

    private static Optional<String> lateness(NewPod pod) {
        return pod.late()
                .map(container -> said("container " + container.name() + ": " + NOT_READY, container.lateness()))
                .findFirst();
    }

    private static String said(String what, String more) {
        return more.isEmpty() ? what : what + ": " + more;
    }
}

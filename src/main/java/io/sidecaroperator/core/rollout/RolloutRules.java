package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.LabelSelector;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How carefully a policy wants its workloads changed: {@code spec.rollout} with its defaults.
 *
 * @param maxConcurrent how many workloads change at a time
 * @param minReady how long a workload must be complete before it counts as healthy
 * @param progressDeadline how long a workload's rollout may take
 * @param onFailure what follows a failed workload
 * @param first over the labels of the pod template: the workloads that change before all others
 */
public record RolloutRules(
        Limit maxConcurrent,
        Duration minReady,
        Duration progressDeadline,
        OnFailure onFailure,
        Optional<LabelSelector> first) {
    /** The rules of a policy without {@code spec.rollout}. */
    public static final RolloutRules DEFAULT = of(Json.object());

    /** What follows a failed workload. */
    public enum OnFailure {
        /** It goes back to the proven revision, and no other workload gets the failed one. */
        ROLLBACK,
        /** Everything stays as it is, and no other workload gets the failed one. */
        PAUSE
    }

    /** A number of workloads, or a percentage of them. */
    public record Limit(int amount, boolean percent) {
        /**
         * The limit among this number of workloads. A percentage is rounded up, and at least one workload may always
         * change.
         */
        public int among(int workloads) {
            long limit = percent ? ((long) workloads * amount + 99) / 100 : amount;
            return (int) Math.max(1, Math.min(limit, Integer.MAX_VALUE));
        }
    }

    /** The rules of a policy's spec, which validation has found valid. */
    public static RolloutRules of(JsonNode spec) {
        JsonNode rollout = spec.path("rollout");
        return new RolloutRules(
                limit(rollout.get("maxConcurrent")),
                Duration.ofSeconds(rollout.path("minReadySeconds").asLong(0)),
                Duration.ofSeconds(rollout.path("progressDeadlineSeconds").asLong(600)),
                "Pause".equals(Json.textAt(rollout, "onFailure")) ? OnFailure.PAUSE : OnFailure.ROLLBACK,
                rollout.get("first") instanceof ObjectNode first
                        ? Optional.of(LabelSelector.of(first))
                        : Optional.empty());
    }

    /** Returns the rules for a write that has to obey both. */
    public RolloutRules strictest(RolloutRules other) {
        return new RolloutRules(
                maxConcurrent,
                minReady.compareTo(other.minReady) >= 0 ? minReady : other.minReady,
                progressDeadline.compareTo(other.progressDeadline) <= 0 ? progressDeadline : other.progressDeadline,
                onFailure,
                first);
    }

    private static Limit limit(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return new Limit(10, true);
        }
        String text = node.asText();
        return text.endsWith("%")
                ? new Limit(Integer.parseInt(text.substring(0, text.length() - 1)), true)
                : new Limit((int) Math.min(node.asLong(), Integer.MAX_VALUE), false);
    }
}

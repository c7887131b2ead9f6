package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** {@code spec.rollout}: how a change of the policy reaches the workloads. */
public class RolloutSpec {
    private static final int A_DAY = 86_400;

    @JsonPropertyDescription("Progressive (the default): a few workloads at a time. OnNextRollout: a template changes"
            + " only when its owner changes it.")
    public @Nullable Strategy strategy;

    @JsonPropertyDescription("How many workloads change at a time: a number, or a percentage of the selected ones."
            + " A change starts with one workload and gets there by success. Default 10%.")
    public @Nullable IntOrString maxConcurrent;

    @JsonPropertyDescription("Workloads that are changed, and have to become healthy, before all others: by the labels"
            + " of the pod template.")
    @SchemaFrom(type = LabelSelector.class)
    public @Nullable JsonNode first;

    @JsonPropertyDescription("Holds every change back. Default false.")
    public @Nullable Boolean paused;

    @Min(0)
    @Max(A_DAY)
    @JsonPropertyDescription("How long a workload must be complete before it counts as healthy. Default 0.")
    public @Nullable Integer minReadySeconds;

    @Min(1)
    @Max(A_DAY)
    @JsonPropertyDescription("How long a workload's rollout may take before it counts as failed; longer than"
            + " minReadySeconds. Default 600.")
    public @Nullable Integer progressDeadlineSeconds;

    @JsonPropertyDescription("What follows a failed workload: Rollback (the default): it goes back to the last good"
            + " revision; or Pause: it stays as it is. Either way no other workload gets the failed revision.")
    public @Nullable OnFailure onFailure;

    /** When templates change. */
    public enum Strategy {
        Progressive,
        OnNextRollout
    }

    /** What the operator does after a failure. */
    public enum OnFailure {
        Rollback,
        Pause
    }
}

package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** {@code spec.rollout}: how a change of the policy reaches the workloads. */
public class Rollout {
    @JsonPropertyDescription("Progressive (the default): a few workloads at a time. OnNextRollout: a template changes"
            + " only when its owner changes it.")
    public @Nullable Strategy strategy;

    @JsonPropertyDescription(
            "How many workloads change at a time: a number, or a percentage of the selected ones." + " Default 10%.")
    public @Nullable IntOrString maxConcurrent;

    @JsonPropertyDescription("Holds every change back. Default false.")
    public @Nullable Boolean paused;

    @Min(0)
    @JsonPropertyDescription("How long a workload must be complete before it counts as healthy. Default 0.")
    public @Nullable Integer minReadySeconds;

    @Min(1)
    @JsonPropertyDescription("How long a workload's rollout may take before it counts as failed. Default 600.")
    public @Nullable Integer progressDeadlineSeconds;

    @JsonPropertyDescription("What follows a failed workload: Rollback (the default) or Pause.")
    public @Nullable OnFailure onFailure;

    /** When templates change. */
    public enum Strategy {
        Progressive,
        OnNextRollout
    }

    /** What follows a failure. */
    public enum OnFailure {
        Rollback,
        Pause
    }
}

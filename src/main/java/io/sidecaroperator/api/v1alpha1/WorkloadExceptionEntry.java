package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A selected workload that does not run with the sidecars, and why. */
public record WorkloadExceptionEntry(
        @JsonPropertyDescription("Kind of the workload.") String kind,

        @JsonPropertyDescription("Namespace of the workload.")
        String namespace,

        @JsonPropertyDescription("Name of the workload.") String name,

        @JsonPropertyDescription("One word for the cause, the same as in events and metrics.")
        String reason,

        @JsonPropertyDescription("A sentence for a person.") String message) {}

package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** A workload that would change. */
public record PreviewEntry(
        @JsonPropertyDescription("Kind of the workload.") String kind,

        @JsonPropertyDescription("Namespace of the workload.")
        String namespace,

        @JsonPropertyDescription("Name of the workload.") String name,

        @JsonPropertyDescription("Inject, Update or Remove.")
        String change,

        @JsonPropertyDescription("Pods that would be replaced.")
        int pods) {}

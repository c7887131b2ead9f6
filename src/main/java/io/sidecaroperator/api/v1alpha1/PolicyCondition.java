package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One statement about a policy, in the form that kstatus, {@code kubectl wait} and GitOps tools read. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyCondition(
        @JsonPropertyDescription("Ready, Reconciling, Stalled, Conflicted or PodSecurityCompatible.")
        Type type,

        @JsonPropertyDescription("True, False or Unknown.") Status status,

        @JsonPropertyDescription("One word for the cause of the status, the same as in events and metrics.")
        String reason,

        @JsonPropertyDescription("A sentence for a person.") String message,

        @JsonPropertyDescription("When the status last changed (RFC 3339).")
        String lastTransitionTime,

        @JsonPropertyDescription("The metadata.generation of the policy that the statement is about.") @Nullable
        Long observedGeneration) {

    /** The subject of a condition. */
    public enum Type {
        Ready,
        Reconciling,
        Stalled,
        Conflicted,
        PodSecurityCompatible
    }

    /** Whether the statement is true. */
    public enum Status {
        True,
        False,
        Unknown
    }
}

package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** What a policy in Audit would do, so that a person can approve it or not. */
public record PolicyPreview(
        @JsonPropertyDescription("Workloads whose pod template would change.")
        int workloads,

        @JsonPropertyDescription(
                "Pods that would be replaced for that; those that a workload's owner replaces do not count.")
        int pods,

        @JsonPropertyDescription("The workloads that would change, most pods first; at most 20.")
        List<PreviewEntry> changes) {

    /** The CRD allows no more entries than this. Further ones are counted, not listed. */
    public static final int MAX_CHANGES = 20;

    public PolicyPreview {
        changes = changes.stream().limit(MAX_CHANGES).toList();
    }
}

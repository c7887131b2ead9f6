package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operator's report about a policy; only the operator writes it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SidecarPolicyStatus(
        @JsonPropertyDescription(
                "Ready, Reconciling, Stalled, Conflicted and PodSecurityCompatible, in the form that kstatus reads.")
        List<PolicyCondition> conditions,

        @JsonPropertyDescription("The metadata.generation of the policy that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Hash of what the policy injects now.") @Nullable
        String revision,

        @JsonPropertyDescription("The newest revision with which a workload became healthy.") @Nullable
        String provenRevision,

        @JsonPropertyDescription("The revision whose rollout failed; no further workload gets it.") @Nullable
        String failedRevision,

        @JsonPropertyDescription("How many workloads are in which state.") @Nullable
        WorkloadCounts workloads,

        @JsonPropertyDescription(
                "What the policy adds to the requests of one pod, by resource (cpu, memory): the cost of a replica.")
        Map<String, String> addedRequests,

        @JsonPropertyDescription("Selected workloads that do not run with the sidecars, and why; at most 20.")
        List<WorkloadExceptionEntry> exceptions,

        @JsonPropertyDescription("Only while mode is Audit: what would change if it were removed.") @Nullable
        PolicyPreview preview) {

    /** The CRD allows no more exceptions than this. Further ones are counted, not listed. */
    public static final int MAX_EXCEPTIONS = 20;

    public SidecarPolicyStatus {
        conditions = List.copyOf(conditions);
        addedRequests = Collections.unmodifiableMap(new TreeMap<>(addedRequests));
        exceptions = exceptions.stream().limit(MAX_EXCEPTIONS).toList();
    }
}

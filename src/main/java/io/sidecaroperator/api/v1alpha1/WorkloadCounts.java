package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How many workloads a policy has in each state; matched = injected + outdated + refused + skipped. */
public record WorkloadCounts(
        @JsonPropertyDescription("Workloads that the policy selects. Bare Pods and Jobs are not counted.")
        int matched,

        @JsonPropertyDescription("Selected workloads whose template carries what the policy wants.")
        int injected,

        @JsonPropertyDescription("Selected workloads whose template does not carry what the policy wants yet.")
        int outdated,

        @JsonPropertyDescription("Selected workloads that cannot take the sidecars; exceptions say why.")
        int refused,

        @JsonPropertyDescription("Selected workloads that are left alone on purpose, an opt-out for example.")
        int skipped,

        @JsonPropertyDescription("Injected workloads whose rollout is not complete yet (a part of injected).")
        int progressing) {}

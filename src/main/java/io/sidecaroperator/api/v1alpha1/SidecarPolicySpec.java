package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spec of a policy, field by field, as the CRD shows it. The code never reads policies through this class: the
 * engine works on their trees, so that every field is kept.
 */
public class SidecarPolicySpec {
    @Required
    @JsonPropertyDescription("Pods to select, by the labels of the pod template (or of a bare Pod). {} is every pod of"
            + " the namespace.")
    @SchemaFrom(type = LabelSelector.class)
    public @Nullable JsonNode selector;

    @JsonPropertyDescription("Narrows the selection to some kinds and names of workloads.")
    public @Nullable WorkloadFilter workloads;

    @JsonPropertyDescription("What happens to pods on the host's network, where a sidecar's ports would collide: Skip"
            + " (the default) or Inject.")
    public @Nullable HostNetwork hostNetwork;

    @JsonPropertyDescription(
            "Workload (the default): the pod template is patched. Pod: only Pods are changed, at" + " admission.")
    public @Nullable Injection injection;

    @JsonPropertyDescription(
            "Enforce (the default), or Audit: evaluate, count and explain, add nothing and take nothing" + " away.")
    public @Nullable Mode mode;

    @Min(-1_000_000)
    @Max(1_000_000)
    @JsonPropertyDescription("Policies with a higher priority come first; with the same, the order is that of their"
            + " names. Default 0.")
    public @Nullable Integer priority;

    @JsonPropertyDescription("Volumes that the selected app containers share with every sidecar of this policy: any"
            + " core/v1 volume source inline (emptyDir: {} when there is none) and where it is mounted.")
    @SchemaFrom(type = SharedVolumeSchema[].class)
    public @Nullable List<JsonNode> sharedVolumes;

    @JsonPropertyDescription(
            "core/v1 volumes that are mounted only where volumeMounts of a sidecar or of appContainers" + " name them.")
    @SchemaFrom(type = Volume[].class)
    public @Nullable List<JsonNode> volumes;

    @JsonPropertyDescription("The containers to add: name, type, placement and any field of a core/v1 Container. Fields"
            + " newer than this schema are kept.")
    @SchemaFrom(type = SidecarSchema[].class)
    public @Nullable List<JsonNode> sidecars;

    @JsonPropertyDescription("Which containers of the app take part, and what is added to them.")
    public @Nullable AppContainers appContainers;

    @JsonPropertyDescription("Labels and annotations added to the pod. What the pod has itself stays.")
    public @Nullable PodMetadata podMetadata;

    @JsonPropertyDescription("Secrets added to the pod for pulling the sidecars' images.")
    @SchemaFrom(type = LocalObjectReference[].class)
    public @Nullable List<JsonNode> imagePullSecrets;

    @JsonPropertyDescription(
            "Entries added to the pod's hosts file: each an ip and the hostnames that stand for it. An ip"
                    + " for which the pod has an entry itself stays as it is.")
    @SchemaFrom(type = HostAlias[].class)
    public @Nullable List<JsonNode> hostAliases;

    @Min(0)
    @JsonPropertyDescription("Raises the pod's grace period where it is the API server's default of 30 seconds; of"
            + " several policies the highest counts. Any other value of the workload stays.")
    public @Nullable Long terminationGracePeriodSeconds;

    @JsonPropertyDescription(
            "What a workload may change for itself, by the annotation sidecar-operator.io/override on its"
                    + " pod template or Pod.")
    public @Nullable Overrides overrides;

    @JsonPropertyDescription("How a change reaches the workloads.")
    public @Nullable RolloutSpec rollout;

    @JsonPropertyDescription("What becomes of the sidecars when the policy is deleted: Remove (the default), or Orphan:"
            + " they become the user's.")
    public @Nullable Deletion deletion;

    @Min(0)
    @Max(100)
    @JsonPropertyDescription("How many earlier revisions of the policy are kept, beside those that a workload carries"
            + " or that are known to work. Default 10.")
    public @Nullable Integer revisionHistoryLimit;

    /** What the policy does with pods on the host's network. */
    public enum HostNetwork {
        Skip,
        Inject
    }

    /** The objects that are patched. */
    public enum Injection {
        Workload,
        Pod
    }

    /** Whether the policy changes workloads. */
    public enum Mode {
        Enforce,
        Audit
    }

    /** What happens to the sidecars of a deleted policy. */
    public enum Deletion {
        Remove,
        Orphan
    }
}

package io.sidecaroperator.core.model;

/**
 * Why something was decided. The same constant is the status reason, the event reason, the metric label and a row of
 * the docs.
 */
public enum Reason {
    NotSelected(
            Kind.SKIP,
            "the policy's selector, namespace or workloads do not match",
            "Compare the policy's selector and workloads with the labels of the pod template, and the two namespaces."),
    SystemNamespace(
            Kind.SKIP,
            "system namespaces and the operator's own are never touched",
            "Nothing: run what needs a sidecar in a namespace of your own."),
    MirrorPod(
            Kind.SKIP,
            "the pod mirrors a static pod of its node and cannot be changed",
            "Nothing: write the sidecar into the static pod's file on the node."),
    OptedOut(
            Kind.SKIP,
            "the label sidecar-operator.io/inject is \"false\" on the pod template or its namespace",
            "Remove the label from the pod template and the namespace, if the sidecar is wanted after all."),
    HostNetwork(
            Kind.SKIP,
            "the pod uses the host's network, where a sidecar's ports would collide",
            "Give the policy hostNetwork: Inject, if the ports of its sidecars are free on the nodes."),
    RunsToCompletion(
            Kind.SKIP,
            "the pod ends by itself, and a sidecar of type Container would keep it running",
            "Give the sidecar the type Native, which lets the pod end."),

    InvalidTemplate(
            Kind.REFUSE,
            "the pod template is not one that Kubernetes could run",
            "Correct the pod template at the place that the message names."),
    ContainerNameTaken(
            Kind.REFUSE,
            "a container of that name is already there",
            "Rename the sidecar in the policy, or the container of the workload or of the other policy."),
    VolumeNameTaken(
            Kind.REFUSE,
            "a volume of that name is already there",
            "Rename the volume in the policy, or the volume of the workload or of the other policy."),
    MountPathInUse(
            Kind.REFUSE,
            "something else is mounted where the policy wants to mount",
            "Choose another mountPath in the policy, or change the mount that the message names."),
    EnvTaken(
            Kind.REFUSE,
            "another policy already sets that environment variable",
            "Let one of the two policies set the variable, or narrow one of their selectors."),
    MetadataTaken(
            Kind.REFUSE,
            "another policy already sets that label or annotation to another value",
            "Let one of the two policies set the key, or give it the same value in both."),
    HostAliasTaken(
            Kind.REFUSE,
            "another policy already adds a host alias for that IP",
            "Let one of the two policies name the IP with all its hostnames, or narrow one of their selectors."),
    PlacementTargetMissing(
            Kind.REFUSE,
            "the container named by placement is not there",
            "Name a container that every selected workload has, or place the sidecar by position."),
    NativeSidecarUnsupported(
            Kind.REFUSE,
            "the API server is older than 1.29 and has no native sidecars",
            "Leave type out, so that this server gets a Container, or upgrade Kubernetes to 1.29 or newer."),
    PodSecurity(
            Kind.REFUSE,
            "the namespace's Pod Security level would refuse the pods with what the policy adds",
            "Give the sidecars the securityContext that the level wants, or select no workloads of such namespaces."),
    LimitRange(
            Kind.REFUSE,
            "a LimitRange of the namespace would refuse the pods with what the policy adds",
            "Give the sidecars resources within the LimitRange that the message names, or change the LimitRange."),
    RejectedByServer(
            Kind.REFUSE,
            "the API server refused the injected workload",
            "Read the server's message, which names the field, and change the policy or the workload; the next change of either is tried again."),
    KeepsBeingRemoved(
            Kind.REFUSE,
            "another client keeps taking out what the policy adds",
            "Find the client that the message names and stop it from writing these fields, or opt the workload out."),

    Audited(
            Kind.HOLD,
            "the policy has mode: Audit, so it is evaluated and changes nothing",
            "Read what it would do, then remove mode: Audit from the policy."),
    Paused(
            Kind.HOLD,
            "the policy's rollout is paused",
            "Remove rollout.paused from the policy when its change may go on."),
    RevisionFailed(
            Kind.HOLD,
            "the policy's revision has failed on a workload",
            "Read the policy's Stalled condition and change the policy, a new revision starts anew; or let this one go on"
                    + " with the annotation sidecar-operator.io/approve on the policy, its value the revision."),
    NotProven(
            Kind.HOLD,
            "the policy's revision is still on its way and comes by its own rollout",
            "Nothing: the operator brings the revision to the workload in its turn."),
    AwaitsOwner(
            Kind.HOLD,
            "the policy waits for the workload's next rollout of its own",
            "Nothing; kubectl rollout restart brings the policy's revision at once."),
    AwaitsTurn(
            Kind.HOLD,
            "other workloads are given the policy's revision first",
            "Nothing: the operator brings the revision to the workload in its turn."),
    DeletePodByHand(
            Kind.HOLD,
            "the StatefulSet waits for a pod at the failed revision, which the operator has no permission to delete",
            "Delete the pod that the message names, or set rollback.deletePods in the chart's values."),

    UserValueKept(
            Kind.NOTE,
            "the workload sets this itself, and its value stays",
            "Nothing, if the workload's value is right; otherwise remove it from the workload."),
    UsesAppVolume(
            Kind.NOTE,
            "the app already mounts its own volume at that path, and the sidecars use it",
            "Nothing, if the sidecars shall see the app's files; otherwise choose another mountPath in the policy."),
    Overridden(
            Kind.NOTE,
            "the workload changes parts of the sidecar that the policy leaves open",
            "Nothing; the workload's owner can remove the annotation sidecar-operator.io/override."),
    OverrideIgnored(
            Kind.NOTE,
            "something in the workload's annotation sidecar-operator.io/override is not heeded",
            "Correct the annotation as the message says, or open the field in the policy's overrides.allow."),
    AlreadyAdded(
            Kind.NOTE,
            "an earlier policy already adds this, and what that one adds stays",
            "Nothing; to have one place for it, remove it from one of the two policies."),
    Adopted(
            Kind.NOTE,
            "parts that equal the policy's were found without a receipt and taken as the policy's own",
            "Nothing; to keep the receipt, do not let other tools remove annotations of the pod template."),
    ReceiptUnreadable(
            Kind.NOTE,
            "the receipt cannot be read and counts as absent",
            "Do not edit the annotation by hand; parts of sidecars that stay behind are removed from the workload by hand."),
    ValueWonBack(
            Kind.NOTE,
            "the user changed a value of the policy inside the user's part, and it is the user's now",
            "Nothing, if the change was meant; otherwise remove the value, and the policy's comes back."),
    Carried(
            Kind.NOTE,
            "the parts that are already there stay as they are",
            "Remove what refuses the policy, and the workload gets its current revision."),
    RevisionUnknown(
            Kind.NOTE,
            "the policy's revision that is wanted here is not kept any more",
            "Nothing: what the workload carries stays as it is, and the newest revision comes in its turn."),
    LeftToPods(
            Kind.NOTE,
            "the policy has injection: Pod, so each pod is given the parts when it is created",
            "Nothing; look at a pod of the workload to see the parts."),
    LeftToUser(
            Kind.NOTE,
            "the policy was deleted with deletion: Orphan, and what it added is the user's",
            "Nothing; take the parts out of the workload like any others, when they are not wanted."),
    Orphaned(
            Kind.NOTE,
            "the policy is gone, and what it added stays until the workload changes",
            "Bring the policy back, or change the workload, or take the parts out with sidecar uninject.");

    /** The kind of statement that a reason makes. */
    public enum Kind {
        SKIP,
        REFUSE,
        HOLD,
        NOTE
    }

    private final Kind kind;
    private final String meaning;
    private final String advice;

    Reason(Kind kind, String meaning, String advice) {
        this.kind = kind;
        this.meaning = meaning;
        this.advice = advice;
    }

    public Kind kind() {
        return kind;
    }

    /** One line for a person. */
    public String meaning() {
        return meaning;
    }

    /** One sentence for a person: what to do. */
    public String advice() {
        return advice;
    }

    /** Whether it is a warning although everything continued: a requested change was not made. */
    public boolean isWarning() {
        return this == ReceiptUnreadable || this == OverrideIgnored;
    }

    /** Whether a policy that is skipped for this reason may leave its parts in the workload. */
    public boolean keepsParts() {
        return this == Orphaned || this == LeftToUser || this == NotSelected;
    }

    /** Whether the engine alone can give this reason. The others come from the cluster. */
    public boolean ofEngine() {
        return this != RejectedByServer && this != KeepsBeingRemoved && this != DeletePodByHand;
    }
}

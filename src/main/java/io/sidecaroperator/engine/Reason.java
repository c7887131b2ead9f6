package io.sidecaroperator.engine;

/**
 * Why something was decided: the same constant is the status reason, the event reason, the metric label and a row of
 * the docs.
 */
public enum Reason {
    NotSelected(Kind.SKIP, "the policy's selector, namespace or workloads do not match"),
    SystemNamespace(Kind.SKIP, "system namespaces and the operator's own are never touched"),
    MirrorPod(Kind.SKIP, "the pod mirrors a static pod of its node and cannot be changed"),
    OptedOut(Kind.SKIP, "the label sidecar-operator.io/inject is \"false\" on the pod template or its namespace"),
    HostNetwork(Kind.SKIP, "the pod uses the host's network, where a sidecar's ports would collide"),
    RunsToCompletion(Kind.SKIP, "the pod ends by itself, and a sidecar of type Container would keep it running"),

    InvalidTemplate(Kind.REFUSE, "the pod template is not one that Kubernetes could run"),
    ContainerNameTaken(Kind.REFUSE, "a container of that name is already there"),
    VolumeNameTaken(Kind.REFUSE, "a volume of that name is already there"),
    MountPathInUse(Kind.REFUSE, "something else is mounted where the policy wants to mount"),
    EnvTaken(Kind.REFUSE, "another policy already sets that environment variable"),
    MetadataTaken(Kind.REFUSE, "another policy already sets that label or annotation to another value"),
    PlacementTargetMissing(Kind.REFUSE, "the container named by placement is not there"),
    NativeSidecarUnsupported(Kind.REFUSE, "the API server is older than 1.29 and has no native sidecars"),
    PodSecurity(Kind.REFUSE, "the namespace's Pod Security level would refuse the pods with what the policy adds"),
    LimitRange(Kind.REFUSE, "a LimitRange of the namespace would refuse the pods with what the policy adds"),
    RejectedByServer(Kind.REFUSE, "the API server refused the injected workload"),
    KeepsBeingRemoved(Kind.REFUSE, "another client keeps taking out what the policy adds"),

    Audited(Kind.HOLD, "the policy has mode: Audit, so it is evaluated and changes nothing"),
    Paused(Kind.HOLD, "the policy's rollout is paused"),
    RevisionFailed(Kind.HOLD, "the policy's revision has failed on a workload"),
    NotProven(Kind.HOLD, "the policy's revision is still on its way and comes by its own rollout"),
    AwaitsOwner(Kind.HOLD, "the policy waits for the workload's next rollout of its own"),
    AwaitsTurn(Kind.HOLD, "other workloads are given the policy's revision first"),

    UserValueKept(Kind.NOTE, "the workload sets this itself, and its value stays"),
    UsesAppVolume(Kind.NOTE, "the app already mounts its own volume at that path, and the sidecars use it"),
    AlreadyAdded(Kind.NOTE, "an earlier policy already adds this, and what that one adds stays"),
    Adopted(Kind.NOTE, "parts that equal the policy's were found without a receipt and taken as the policy's own"),
    ReceiptUnreadable(Kind.NOTE, "the receipt cannot be read and counts as absent"),
    ValueWonBack(Kind.NOTE, "the user changed a value of the policy inside the user's part, and it is the user's now"),
    Carried(Kind.NOTE, "the parts that are already there stay as they are"),
    RevisionUnknown(Kind.NOTE, "the policy's revision that is wanted here is not kept any more"),
    LeftToPods(Kind.NOTE, "the policy has injection: Pod, so each pod is given the parts when it is created"),
    LeftToUser(Kind.NOTE, "the policy was deleted with deletion: Orphan, and what it added is the user's"),
    Orphaned(Kind.NOTE, "the policy is gone, and what it added stays until the workload changes");

    /** What kind of statement a reason belongs to. */
    public enum Kind {
        SKIP,
        REFUSE,
        HOLD,
        NOTE
    }

    private final Kind kind;
    private final String meaning;

    Reason(Kind kind, String meaning) {
        this.kind = kind;
        this.meaning = meaning;
    }

    public Kind kind() {
        return kind;
    }

    /** One line for a person. */
    public String meaning() {
        return meaning;
    }

    /** Whether the engine alone can give this reason; the others come from the cluster. */
    public boolean ofEngine() {
        return this != RejectedByServer && this != KeepsBeingRemoved;
    }
}

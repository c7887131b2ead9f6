package io.sidecaroperator.core.injection;

/** What the engine checks before it injects a policy, in this order. The first check that fails decides. */
public enum Check {
    Selected("the policy's namespace, selector and workloads mean it"),
    ProtectedNamespace("its namespace is none of the cluster's own"),
    MirrorPod("it is no mirror of a static pod"),
    OptOut("neither it nor its namespace opts out"),
    HostNetwork("it is not on the host's network, or the policy wants such pods"),
    ValidTemplate("its template can be edited by names"),
    RunsToCompletion("a pod that ends can still end"),
    NativeSidecars("the server knows the types of the sidecars"),
    ContainerNames("the names of the sidecars are free"),
    VolumeNames("the names of the volumes are free"),
    PlacementTargets("the containers to stand beside are there"),
    SharedPaths("app and sidecars can meet at every shared path"),
    MountPaths("nothing else is mounted at the paths"),
    Env("no other policy sets the same variables"),
    Metadata("no other policy sets the same labels or annotations to something else"),
    HostAliases("no other policy adds host aliases for the same IPs"),
    Limits("the namespace's Pod Security level and limits allow what it adds");

    private final String meaning;

    Check(String meaning) {
        this.meaning = meaning;
    }

    /** What is true when the check passes, for a person. */
    public String meaning() {
        return meaning;
    }
}

package io.sidecaroperator.api.v1alpha1;

/** The finalizer with which the deletion of a policy waits until what it added is gone. */
public final class PolicyFinalizer {
    public static final String NAME = "sidecar-operator.io/finalizer";

    private PolicyFinalizer() {}
}

package io.sidecaroperator.core.policy.validation;

/** The severity of a finding. */
public enum Severity {
    /** The API server rejects the policy, and the engine does not use it. */
    ERROR,
    /** The policy is accepted, and probably not as its author intended. */
    WARNING
}

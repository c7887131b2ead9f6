package io.sidecaroperator.core.policy.validation;

/** How bad a finding is. */
public enum Severity {
    /** The API server refuses the policy, and the engine does not take it. */
    ERROR,
    /** Accepted, and probably not what was meant. */
    WARNING
}

package io.sidecaroperator.core.policy.validation;

/**
 * A mistake in a policy.
 *
 * @param path the field, as the API server writes it: {@code spec.sidecars[0].placement}
 * @param code a word for the kind of mistake, for programs
 * @param message what a person reads; the API server's message contains the same words
 */
public record Finding(Severity severity, String path, String code, String message) {

    /** One line: path, severity and message. */
    @Override
    public String toString() {
        return path + ": " + (severity == Severity.WARNING ? "warning: " : "") + message;
    }
}

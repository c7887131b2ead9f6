package io.sidecaroperator.core.policy.validation;

/**
 * Something that is wrong with a policy.
 *
 * @param path the field, as the API server writes it: {@code spec.sidecars[0].placement}
 * @param code a word for the kind of mistake, for machines
 * @param message what a person reads; the API server's answer contains the same words
 */
public record Finding(Severity severity, String path, String code, String message) {

    /** One line: path, severity and message. */
    @Override
    public String toString() {
        return path + ": " + (severity == Severity.WARNING ? "warning: " : "") + message;
    }
}

package io.sidecaroperator.yaml;

/** Text that cannot be read as Kubernetes objects. The message names file, document and line, and says what to do. */
public final class InvalidYamlException extends RuntimeException {
    public InvalidYamlException(String message) {
        super(message);
    }
}

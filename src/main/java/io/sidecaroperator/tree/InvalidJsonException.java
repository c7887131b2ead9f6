package io.sidecaroperator.tree;

/** Text that is not one JSON value; the message says where and why. */
public final class InvalidJsonException extends RuntimeException {
    public InvalidJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}

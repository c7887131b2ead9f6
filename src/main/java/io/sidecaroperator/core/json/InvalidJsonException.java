package io.sidecaroperator.core.json;

/** Text that is not one JSON value; the message says where and why. */
public final class InvalidJsonException extends RuntimeException {
    public InvalidJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}

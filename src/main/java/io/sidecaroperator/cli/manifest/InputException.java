package io.sidecaroperator.cli.manifest;

/** A mistake in what the user gave; its message is all that is shown, so it names the place and the way out. */
public final class InputException extends RuntimeException {
    public InputException(String message) {
        super(message);
    }
}

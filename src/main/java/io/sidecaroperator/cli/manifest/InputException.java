package io.sidecaroperator.cli.manifest;

/** An error in the user's input. Only the message is shown, so it names the place and the solution. */
public final class InputException extends RuntimeException {
    public InputException(String message) {
        super(message);
    }
}

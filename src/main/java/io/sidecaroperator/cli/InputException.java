package io.sidecaroperator.cli;

/** A mistake in what the user gave; its message is all that is shown, so it names the place and the way out. */
final class InputException extends RuntimeException {
    InputException(String message) {
        super(message);
    }
}

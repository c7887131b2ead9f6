package io.sidecaroperator.cli.command;

/** The reader of the result has closed the pipe, as {@code | head} does. This is not an error and is not reported. */
final class BrokenPipeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenPipeException() {
        super("nobody reads the result any more");
    }
}

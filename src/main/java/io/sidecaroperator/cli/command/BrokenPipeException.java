package io.sidecaroperator.cli.command;

/** Whoever read the result has seen enough ({@code | head}): no mistake of anybody's, and nothing to say. */
final class BrokenPipeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenPipeException() {
        super("nobody reads the result any more");
    }
}

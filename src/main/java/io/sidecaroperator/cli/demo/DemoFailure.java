package io.sidecaroperator.cli.demo;

/** Something is not as the demonstration says it should be; the message says what, for a person. */
final class DemoFailure extends RuntimeException {
    DemoFailure(String message) {
        super(message);
    }
}

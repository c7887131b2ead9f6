package io.sidecaroperator.cli.demo;

/** Something differs from what the demonstration says. The message explains it to a person. */
final class DemoFailure extends RuntimeException {
    DemoFailure(String message) {
        super(message);
    }
}

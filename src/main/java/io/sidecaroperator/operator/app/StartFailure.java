package io.sidecaroperator.operator.app;

import org.jspecify.annotations.Nullable;

/** Why a process could not start, when waiting does not help: one line for a person. */
final class StartFailure extends Exception {
    private final String line;

    StartFailure(String line, @Nullable Throwable cause) {
        super(line, cause);
        this.line = line;
    }

    String line() {
        return line;
    }
}

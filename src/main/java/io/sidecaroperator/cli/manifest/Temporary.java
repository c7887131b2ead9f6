package io.sidecaroperator.cli.manifest;

import java.io.IOException;

/** What is said when what is kept for later finds no place. */
public final class Temporary {
    private Temporary() {}

    /** That a temporary file cannot be used, and where it was to be. */
    public static InputException failure(IOException e) {
        return new InputException("a temporary file in " + System.getProperty("java.io.tmpdir")
                + " cannot be used (the Java option -Djava.io.tmpdir names another place): " + e.getMessage());
    }
}

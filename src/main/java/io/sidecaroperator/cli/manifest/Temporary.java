package io.sidecaroperator.cli.manifest;

import java.io.IOException;

/** The error when temporary data cannot be stored. */
public final class Temporary {
    private Temporary() {}

    /** Returns the exception for a temporary file that cannot be used, with its directory. */
    public static InputException failure(IOException e) {
        return new InputException("a temporary file in " + System.getProperty("java.io.tmpdir")
                + " cannot be used (the Java option -Djava.io.tmpdir names another place): " + e.getMessage());
    }
}

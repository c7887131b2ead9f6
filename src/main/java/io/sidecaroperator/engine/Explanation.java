package io.sidecaroperator.engine;

/** Writes an {@link Injection} for a person: each policy, its decision, each edit, each note. */
public final class Explanation {
    private Explanation() {}

    public static String render(Injection injection) {
        throw new UnsupportedOperationException(injection.toString());
    }
}

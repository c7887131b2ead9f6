package io.sidecaroperator.engine;

/** placeholder */
public final class Receipt {
    private Receipt() {}

    /** placeholder */
    public record Entry(String revision, int engine) {}
}

package io.sidecaroperator.engine;

/**
 * A policy that could be injected as it is now, and is not: it waits, or only looks on.
 *
 * @param reason why
 * @param withheld what it would add
 */
public record Hold(Reason reason, Plan withheld) {
    /** The reason for a person. */
    public String message() {
        return reason.meaning();
    }
}

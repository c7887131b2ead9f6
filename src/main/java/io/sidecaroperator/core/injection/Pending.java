package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.Reason;
import java.util.Optional;

/**
 * A policy that could be injected at its present revision, or removed, and is not yet: it waits, or only evaluates.
 *
 * @param reason why
 * @param withheld what it would add; empty when its parts would go
 */
public record Pending(Reason reason, Optional<Plan> withheld) {
    /** The reason for a person. */
    public String message() {
        return reason.meaning();
    }
}

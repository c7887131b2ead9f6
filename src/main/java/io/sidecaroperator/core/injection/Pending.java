package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.Reason;
import java.util.Optional;

/**
 * A policy that could be injected as it is now, or taken away, and is not: it waits, or only looks on.
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

package io.sidecaroperator.engine;

import java.util.Optional;

/**
 * A policy that could be injected as it is now, and is not: it waits, or only looks on.
 *
 * @param reason why
 * @param message the same for a person
 * @param withheld what it would add
 */
public record Hold(Reason reason, String message, Optional<Plan> withheld) {}

package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.policy.DefaultResources;

/**
 * How this build renders: raised in {@link #engine()} whenever the output for the same input changes, so that an upgrade
 * of the operator is told apart from a change of a policy and restarts nothing.
 *
 * @param engine the engine number of receipts
 * @param defaults what a sidecar without resources is given
 */
public record RendererVersion(int engine, DefaultResources defaults) {
    /** What this build does. */
    public static final RendererVersion CURRENT = new RendererVersion(1, DefaultResources.CURRENT);
}

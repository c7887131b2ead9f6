package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.policy.DefaultResources;

/**
 * How this build renders. The version in {@link #engine()} is raised whenever the output for the same input changes. So
 * an upgrade of the operator is told apart from a change of a policy, and restarts no pod.
 *
 * @param engine the {@code engine} number of receipts
 * @param defaults what a sidecar without resources gets
 */
public record RendererVersion(int engine, DefaultResources defaults) {
    /** How this build renders. */
    public static final RendererVersion CURRENT = new RendererVersion(1, DefaultResources.CURRENT);
}

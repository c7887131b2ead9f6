package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.injection.ChangeKind;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import java.util.Optional;

/**
 * What one policy does to a workload's template.
 *
 * @param policy empty when no policy makes the change: it concerns a stale entry of a receipt
 * @param pendingFor what its owner has to release before it happens; empty when it happens by itself
 */
public record PolicyChange(Optional<PolicyKey> policy, ChangeKind kind, Optional<Reason> pendingFor) {}

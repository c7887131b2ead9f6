package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.model.PolicyKey;
import java.util.Optional;

/** A policy that does not select a workload, and which of its terms do not match. */
public record Mismatch(PolicyKey policy, String revision, Optional<PolicySource> source, SelectorReport report) {}

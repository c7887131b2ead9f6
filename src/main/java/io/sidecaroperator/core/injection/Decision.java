package io.sidecaroperator.core.injection;

import io.sidecaroperator.core.model.Reason;

/** What a policy means for one workload. */
public sealed interface Decision {
    /** The policy is injected, whole. */
    record Inject() implements Decision {}

    /** The policy does not apply here. */
    record Skip(Reason reason, String message) implements Decision {}

    /** The policy applies but cannot be injected whole, so none of it is added. */
    record Refuse(Reason reason, String message) implements Decision {}
}

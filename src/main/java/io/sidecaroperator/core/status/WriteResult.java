package io.sidecaroperator.core.status;

import io.sidecaroperator.core.model.Reason;

/** What became of the write that the engine's answer asked for. */
public sealed interface WriteResult {
    /** None was needed, or it is done: the workload is as wanted. */
    record Done() implements WriteResult {}

    /**
     * It is still to be done.
     *
     * @param ofTemplate whether it changes the template: if not, the workload runs as the policies want it
     */
    record Postponed(String why, boolean ofTemplate) implements WriteResult {}

    /** It cannot be done as things are. */
    record Rejected(Reason reason, String message) implements WriteResult {}
}

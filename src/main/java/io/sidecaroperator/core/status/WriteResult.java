package io.sidecaroperator.core.status;

import io.sidecaroperator.core.model.Reason;

/** The result of the write that the engine's result asked for. */
public sealed interface WriteResult {
    /** The write was not needed, or it is done: the workload is as wanted. */
    record Done() implements WriteResult {}

    /**
     * It is still to be done.
     *
     * @param ofTemplate whether it changes the template: if not, the workload runs as the policies want it
     */
    record Postponed(String why, boolean ofTemplate) implements WriteResult {}

    /** It cannot be done in the present state. */
    record Rejected(Reason reason, String message) implements WriteResult {}
}

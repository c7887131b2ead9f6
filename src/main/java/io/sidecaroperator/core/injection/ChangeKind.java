package io.sidecaroperator.core.injection;

/** What happens to a policy's parts when the template of a workload changes. */
public enum ChangeKind {
    /** The parts come to a workload that had none of them. */
    Inject,
    /** The parts are replaced by those of another revision. */
    Update,
    /** The parts are removed. */
    Remove,
    /** The parts are put back to what the same revision says: another client has changed or removed some of them. */
    Repair
}

package io.sidecaroperator.core.injection;

/** What happens to a policy's parts at a workload whose template changes. */
public enum ChangeKind {
    /** They come to a workload that had none of them. */
    Inject,
    /** They are replaced by those of another revision. */
    Update,
    /** They go. */
    Remove,
    /** They are put back to what the same revision says: somebody has changed or lost some of them. */
    Repair
}

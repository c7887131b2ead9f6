package io.sidecaroperator.core.rollout;

/** How one workload stands to one policy. */
public enum SyncState {
    /** It carries what the policy wants. */
    INJECTED,
    /** It is to carry what the policy wants and does not yet. */
    OUTDATED,
    /** It cannot take the sidecars. */
    REFUSED,
    /** It is selected and left alone on purpose. */
    SKIPPED,
    /** It is no longer selected, or the policy is being deleted, and it still carries what was added. */
    LEAVING,
    /** It carries parts of a policy that is not there, or does not look after it any more, and they stay. */
    ORPHANED
}

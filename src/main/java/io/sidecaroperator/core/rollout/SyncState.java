package io.sidecaroperator.core.rollout;

/** The sync state of one workload under one policy. */
public enum SyncState {
    /** It has what the policy wants. */
    INJECTED,
    /** It should have what the policy wants and does not yet. */
    OUTDATED,
    /** It cannot take the sidecars. */
    REFUSED,
    /** It is selected and left alone on purpose. */
    SKIPPED,
    /** It is no longer selected, or the policy is being deleted, and the policy's parts are still there. */
    LEAVING,
    /** It has parts of a policy that is absent, or no longer manages it, and they stay. */
    ORPHANED
}

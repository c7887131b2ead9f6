package io.sidecaroperator.rollout;

/** How one workload stands to one policy. */
public enum Standing {
    /** It carries what the policy wants. */
    INJECTED(true),
    /** It is to carry what the policy wants and does not yet. */
    OUTDATED(true),
    /** It cannot take the sidecars. */
    REFUSED(true),
    /** It is selected and left alone on purpose. */
    SKIPPED(true),
    /** It is no longer selected, or the policy is being deleted, and it still carries what was added. */
    LEAVING(false),
    /** It carries parts of a policy that is not there, or does not look after it any more, and they stay. */
    ORPHANED(false);

    private final boolean matched;

    Standing(boolean matched) {
        this.matched = matched;
    }

    /** Whether the policy selects the workload. */
    public boolean matched() {
        return matched;
    }
}

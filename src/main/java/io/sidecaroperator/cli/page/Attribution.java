package io.sidecaroperator.cli.page;

/**
 * Says whether a part of a pod belongs to the user or to a policy.
 *
 * @param added whether a policy added it
 * @param number the policy's number on the page; empty when it is unknown
 */
record Attribution(boolean added, String number) {
    /** The user's own part. */
    static final Attribution OWN = new Attribution(false, "");

    /** Returns the same in words. */
    String words() {
        return !added ? "the workload's own" : number.isEmpty() ? "added" : "added by policy " + number;
    }
}

package io.sidecaroperator.cli.page;

/**
 * Whose a part of a pod is.
 *
 * @param added whether a policy added it
 * @param number the policy's number on the page, where that is known
 */
record Attribution(boolean added, String number) {
    /** The user's own. */
    static final Attribution OWN = new Attribution(false, "");

    /** The same for a person. */
    String words() {
        return !added ? "the workload's own" : number.isEmpty() ? "added" : "added by policy " + number;
    }
}

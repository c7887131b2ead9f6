package io.sidecaroperator.core.explain;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Where a policy came from.
 *
 * @param where the place, as messages begin: a file with its document, or {@code the cluster}
 * @param tree the policy as it is there
 */
public record PolicySource(String where, ObjectNode tree) {
    /** The place of a policy that is stored in the API server. */
    public static final String CLUSTER = "the cluster";

    /** Whether it comes from the cluster, and not from a manifest that counts as applied. */
    public boolean isOfCluster() {
        return where.equals(CLUSTER);
    }
}

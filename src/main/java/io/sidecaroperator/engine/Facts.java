package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * All that the engine may know about one workload.
 *
 * @param ref the workload; for a Pod with a controller, that controller
 * @param namespaceLabels labels of its namespace
 * @param protectedNamespace a system namespace or the operator's own: never touched
 * @param claimNames names of a StatefulSet's claim templates: each is a volume of its pods
 * @param template the pod template, or the whole Pod: an object with {@code metadata} and {@code spec}
 * @param server version of the API server that runs the pods
 * @param absent what becomes of receipt entries whose policy is not in the book
 */
public record Facts(
        WorkloadRef ref,
        Map<String, String> namespaceLabels,
        boolean protectedNamespace,
        Set<String> claimNames,
        ObjectNode template,
        KubernetesVersion server,
        Absent absent) {

    /** Namespaces of the cluster itself; no policy ever reaches into them. */
    public static final Set<String> SYSTEM_NAMESPACES = Set.of("kube-system", "kube-public", "kube-node-lease");

    /** What becomes of the parts of a policy that no longer exists. */
    public enum Absent {
        /** They stay: a lost permission or a reinstalled CRD must not restart pods. */
        KEEP,
        /** They go: the object is new or about to roll out anyway. */
        STRIP
    }

    public Facts {
        namespaceLabels = Map.copyOf(namespaceLabels);
        claimNames = Set.copyOf(claimNames);
    }

    /** The same facts about another template. */
    public Facts withTemplate(ObjectNode other) {
        return new Facts(ref, namespaceLabels, protectedNamespace, claimNames, other, server, absent);
    }
}

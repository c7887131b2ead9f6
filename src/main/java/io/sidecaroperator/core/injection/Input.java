package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that the engine may know about one workload.
 *
 * @param ref the workload; for a Pod with a controller, that controller
 * @param namespace what is known of its namespace
 * @param claimNames names of a StatefulSet's claim templates: each is a volume of its pods
 * @param template the pod template, or the whole Pod: an object with {@code metadata} and {@code spec}
 * @param pod whether {@code template} is a Pod itself and not the template of future pods
 * @param server version of the API server that runs the pods
 * @param trigger why the engine runs
 * @param orphaned policies that were deleted and left what they added to the user
 */
public record Input(
        WorkloadRef ref,
        InNamespace namespace,
        Set<String> claimNames,
        ObjectNode template,
        boolean pod,
        KubernetesVersion server,
        Trigger trigger,
        Set<PolicyKey> orphaned) {

    /** Namespaces of the cluster itself. Policies never reach them. */
    public static final Set<String> SYSTEM_NAMESPACES = Set.of("kube-system", "kube-public", "kube-node-lease");

    /**
     * What decisions depend on in the workload's namespace.
     *
     * @param labels its labels
     * @param isProtected whether it is a system namespace or the operator's own, which policies never change
     * @param limitRanges the specs of its LimitRanges (core/v1)
     */
    public record InNamespace(Map<String, String> labels, boolean isProtected, List<ObjectNode> limitRanges) {
        /** A namespace of which only its existence is known. */
        public static final InNamespace PLAIN = new InNamespace(Map.of(), false, List.of());

        public InNamespace {
            labels = Map.copyOf(labels);
            limitRanges = List.copyOf(limitRanges);
        }
    }

    public Input {
        claimNames = Set.copyOf(claimNames);
        orphaned = Set.copyOf(orphaned);
    }

    /** The input for a workload's template, without claim templates. */
    public static Input ofTemplate(
            WorkloadRef ref, InNamespace namespace, ObjectNode template, KubernetesVersion server, Trigger trigger) {
        return new Input(ref, namespace, Set.of(), template, false, server, trigger, Set.of());
    }

    /** The input for a Pod; {@code ref} is its controller, or the Pod itself. */
    public static Input ofPod(
            WorkloadRef ref, InNamespace namespace, ObjectNode pod, KubernetesVersion server, Trigger trigger) {
        return new Input(ref, namespace, Set.of(), pod, true, server, trigger, Set.of());
    }

    /** The same input with another template. */
    public Input withTemplate(ObjectNode other) {
        return new Input(ref, namespace, claimNames, other, pod, server, trigger, orphaned);
    }

    /** The same input with another trigger. */
    public Input on(Trigger other) {
        return new Input(ref, namespace, claimNames, template, pod, server, other, orphaned);
    }

    /** The same input for a workload with these claim templates. */
    public Input withClaimNames(Set<String> names) {
        return new Input(ref, namespace, names, template, pod, server, trigger, orphaned);
    }

    /** The same input for a workload to which these policies left their parts. */
    public Input withOrphaned(Set<PolicyKey> policies) {
        return new Input(ref, namespace, claimNames, template, pod, server, trigger, policies);
    }
}

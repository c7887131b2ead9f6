package io.sidecaroperator.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.workload.WorkloadKind;

/**
 * A kind of controller whose pods get what their template says, because the template is looked after elsewhere.
 *
 * @param group API group of the controller
 * @param kind its kind
 * @param mark a label that its pods carry only when the template is looked after
 */
public record OwnerKind(String group, String kind, String mark) {
    /**
     * A Deployment's ReplicaSet. The pods of a ReplicaSet that somebody made by hand carry no such label, and that tells
     * the two apart without a call to the API server.
     */
    public static final OwnerKind DEPLOYMENTS_REPLICA_SET = new OwnerKind("apps", "ReplicaSet", "pod-template-hash");

    /** Whether the pod, controlled by this owner reference, is one of this kind's. */
    boolean owns(ObjectNode pod, ObjectNode controller) {
        return kind.equals(Json.textAt(controller, "kind"))
                && group.equals(WorkloadKind.groupOf(Json.textAt(controller, "apiVersion")))
                && Json.textAt(Json.objectAt(pod.path("metadata"), "labels"), mark) != null;
    }
}

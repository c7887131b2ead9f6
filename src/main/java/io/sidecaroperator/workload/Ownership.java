package io.sidecaroperator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.tree.Json;
import java.util.Collection;
import java.util.Optional;

/** Who decides about a pod template: the object that has it, or a workload that made the object from its own. */
public final class Ownership {
    private Ownership() {}

    /** The owner reference of the object's controller, if it has one. */
    public static Optional<ObjectNode> controllerOf(JsonNode object) {
        return Json.objects(object.path("metadata"), "ownerReferences")
                .filter(owner -> owner.path("controller").asBoolean(false))
                .findFirst();
    }

    /** Whether an owner reference names an object of this group and kind, in whatever version. */
    public static boolean names(JsonNode owner, String group, String kind) {
        return kind.equals(Json.textAt(owner, "kind"))
                && group.equals(WorkloadKind.groupOf(Json.textAt(owner, "apiVersion")));
    }

    /**
     * Whether an object of this kind is left to its owner: the owner's template decides about the copy. A ReplicaSet is
     * left to any controller, because that one alone knows which of its ReplicaSets are templates of old; others only to
     * a controller whose template is looked after.
     *
     * @param known the kinds whose templates are looked after
     */
    public static boolean isLeftToOwner(WorkloadKind kind, JsonNode object, Collection<WorkloadKind> known) {
        return controllerOf(object)
                .filter(owner -> (kind.group().equals("apps") && kind.kind().equals("ReplicaSet"))
                        || known.stream().anyMatch(workload -> names(owner, workload.group(), workload.kind())))
                .isPresent();
    }
}

package io.sidecaroperator.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.Optional;

/** The owner of an object, as its owner references say. */
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
}

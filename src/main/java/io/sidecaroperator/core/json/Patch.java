package io.sidecaroperator.core.json;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonDiff;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.List;

/** JSON Patch (RFC 6902) between two trees. Only this class of the project writes JSON pointers of a patch. */
public final class Patch {
    private Patch() {}

    /** The operations that turn {@code from} into {@code to}; an empty list when they are equal. */
    public static ArrayNode diff(JsonNode from, JsonNode to) {
        return (ArrayNode) JsonDiff.asJson(from, to);
    }

    /** The same operations for an object that holds the patched tree at {@code place}. */
    public static ArrayNode under(JsonPointer place, ArrayNode patch) {
        ArrayNode moved = patch.deepCopy();
        for (JsonNode operation : moved) {
            for (String field : List.of("path", "from")) {
                if (operation.hasNonNull(field)) {
                    ((ObjectNode) operation)
                            .put(field, place + operation.get(field).textValue());
                }
            }
        }
        return moved;
    }

    /**
     * The same operations after one that the API server answers with 409 Conflict when the object has changed since
     * this version was read. (A {@code test} would give a 422, which looks the same as a rejection.)
     */
    public static ArrayNode onlyAt(String resourceVersion, ArrayNode patch) {
        ArrayNode guarded = Json.array();
        guarded.addObject()
                .put("op", "replace")
                .put("path", "/metadata/resourceVersion")
                .put("value", resourceVersion);
        return guarded.addAll(patch);
    }

    /** Returns the patched copy; the source stays as it is. */
    public static JsonNode apply(ArrayNode patch, JsonNode source) {
        return JsonPatch.apply(patch, source);
    }
}

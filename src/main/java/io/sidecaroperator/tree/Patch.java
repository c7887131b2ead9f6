package io.sidecaroperator.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.zjsonpatch.JsonDiff;
import io.fabric8.zjsonpatch.JsonPatch;

/** JSON Patch (RFC 6902) between two trees. No other class of the project writes a JSON pointer of a patch. */
public final class Patch {
    private Patch() {}

    /** The operations that turn {@code from} into {@code to}; an empty list when they are equal. */
    public static ArrayNode diff(JsonNode from, JsonNode to) {
        return (ArrayNode) JsonDiff.asJson(from, to);
    }

    /** The patched copy; the source is not changed. */
    public static JsonNode apply(ArrayNode patch, JsonNode source) {
        return JsonPatch.apply(patch, source);
    }
}

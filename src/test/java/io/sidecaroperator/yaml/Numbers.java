package io.sidecaroperator.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trees as plain values, so that two trees are equal when a reader of doubles could not distinguish them. */
final class Numbers {
    private Numbers() {}

    static Object byValue(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, Object> map = new LinkedHashMap<>();
            object.properties().forEach(entry -> map.put(entry.getKey(), byValue(entry.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(byValue(item)));
            return list;
        }
        // Adding zero makes the two zeros equal.
        return node.isNumber() ? (Object) (node.doubleValue() + 0.0) : node.toString();
    }
}

package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.policy.validation.Rule;
import io.sidecaroperator.core.policy.validation.TextPattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One node of a CRD's schema while it is refined: adds what the classes cannot express. */
record Schema(ObjectNode node) {

    /** The node at a path below: {@code a.b} for properties, {@code []} for items, {@code {}} for map values. */
    Schema at(String path) {
        ObjectNode found = node;
        for (String step : path.replace("[]", ".[]").replace("{}", ".{}").split("\\.", -1)) {
            ObjectNode next = step.isEmpty() ? found : child(found, step);
            if (next == null) {
                throw new AssertionError("the schema has no " + path + ": " + step + " is missing");
            }
            found = next;
        }
        return new Schema(found);
    }

    private static @Nullable ObjectNode child(ObjectNode parent, String step) {
        return switch (step) {
            case "[]" -> Json.objectAt(parent, "items");
            case "{}" -> Json.objectAt(parent, "additionalProperties");
            default -> Json.objectAt(Json.objectAt(parent, "properties"), step);
        };
    }

    Schema text(TextPattern pattern, int maxLength) {
        node.put("pattern", pattern.regex());
        return maxLength(maxLength);
    }

    Schema maxLength(int maxLength) {
        node.put("maxLength", maxLength);
        return this;
    }

    Schema oneOf(String... values) {
        strings("enum", values);
        return this;
    }

    Schema range(long minimum, long maximum) {
        node.put("minimum", minimum);
        node.put("maximum", maximum);
        return this;
    }

    Schema atLeast(long minimum) {
        node.put("minimum", minimum);
        return this;
    }

    Schema required(String... names) {
        strings("required", names);
        return this;
    }

    Schema maxItems(int count) {
        node.put("maxItems", count);
        return this;
    }

    Schema notEmpty() {
        node.put("minItems", 1);
        return this;
    }

    Schema maxProperties(int count) {
        node.put("maxProperties", count);
        return this;
    }

    /** A list in which the key names an entry. */
    Schema keyedBy(String key, int maxItems) {
        node.put("x-kubernetes-list-type", "map");
        strings("x-kubernetes-list-map-keys", key);
        return maxItems(maxItems);
    }

    /** A list of strings without duplicates. */
    Schema set(int maxItems) {
        node.put("x-kubernetes-list-type", "set");
        return maxItems(maxItems);
    }

    Schema rules(List<Rule> rules) {
        ArrayNode list = node.withArray("x-kubernetes-validations");
        for (Rule rule : rules) {
            ObjectNode entry = list.addObject().put("rule", rule.cel()).put("message", rule.message());
            if (!rule.field().isEmpty()) {
                entry.put("fieldPath", "." + rule.field());
            }
        }
        return this;
    }

    Schema rules(Rule... rules) {
        return rules(List.of(rules));
    }

    /** Keeps fields that a newer Kubernetes may have, here and at every object below. */
    Schema openAtEveryLevel() {
        if (node.has("properties")) {
            node.put("x-kubernetes-preserve-unknown-fields", true);
            node.get("properties").forEach(property -> new Schema((ObjectNode) property).openAtEveryLevel());
        }
        JsonNode items = node.get("items");
        if (items instanceof ObjectNode object) {
            new Schema(object).openAtEveryLevel();
        }
        return this;
    }

    private void strings(String key, String... values) {
        ArrayNode list = node.putArray(key);
        for (String value : values) {
            list.add(value);
        }
    }
}

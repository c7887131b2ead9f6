package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.List;

/** The committed CRDs, and what they demand. */
public final class Crds {
    public static final String POLICY_FILE = "crds/sidecarpolicies.yaml";
    public static final String CLUSTER_POLICY_FILE = "crds/clustersidecarpolicies.yaml";

    private Crds() {}

    /** Returns a committed CRD as a tree. */
    public static ObjectNode read(String file) {
        return PolicyFile.yaml(Checkout.read(file)).findFirst().orElseThrow();
    }

    /** Returns both CRDs. */
    public static List<ObjectNode> all() {
        return List.of(read(POLICY_FILE), read(CLUSTER_POLICY_FILE));
    }

    /** Returns the schema of the kind that a CRD defines. */
    public static ObjectNode schema(JsonNode crd) {
        return (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
    }

    /**
     * A demand of a schema on a value.
     *
     * @param path where the error is reported; {@code []} stands for any entry, {@code {}} for any key
     * @param keyword {@code rule}, {@code pattern} or {@code enum}
     * @param message the text of an error about it
     */
    public record Demand(String path, String keyword, String message) {}

    /** Returns every rule, pattern and enum below a schema. */
    public static List<Demand> demands(JsonNode schema) {
        List<Demand> demands = new ArrayList<>();
        collect(schema, "", demands);
        return demands;
    }

    private static void collect(JsonNode schema, String path, List<Demand> demands) {
        schema.path("x-kubernetes-validations")
                .forEach(rule -> demands.add(new Demand(
                        path + rule.path("fieldPath").asText(),
                        "rule",
                        rule.path("message").asText())));
        if (schema.path("pattern").isTextual()) {
            demands.add(new Demand(
                    path, "pattern", "should match '" + schema.get("pattern").asText() + "'"));
        }
        if (schema.path("enum").isArray()) {
            List<String> values = new ArrayList<>();
            schema.get("enum").forEach(value -> values.add(Json.text(value)));
            demands.add(new Demand(path, "enum", "supported values: " + String.join(", ", values)));
        }
        schema.path("properties")
                .properties()
                .forEach(entry -> collect(
                        entry.getValue(), path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), demands));
        if (schema.path("items").isObject()) {
            collect(schema.get("items"), path + "[]", demands);
        }
        if (schema.path("additionalProperties").isObject()) {
            collect(schema.get("additionalProperties"), path + "{}", demands);
        }
    }
}

package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Quantity;
import java.util.ArrayList;
import java.util.List;

/**
 * What a workload may write into its override annotation: the CRD's own schema of a sidecar's fields, but closed. An
 * unknown field there is a mistake of the user's that only this check reports.
 */
public final class OverrideSchema {
    private static final ObjectNode IMAGE = text(TextPattern.IMAGE, 1024);
    private static final ObjectNode ENV = env();
    private static final ObjectNode RESOURCES = resources();

    private OverrideSchema() {}

    /** Returns the mistakes in an image. */
    public static List<Finding> image(JsonNode image) {
        return walk(image, IMAGE, "image");
    }

    /** Returns the mistakes in one environment variable. */
    public static List<Finding> env(JsonNode variable, String path) {
        return walk(variable, ENV, path);
    }

    /** Returns the mistakes in requests and limits. */
    public static List<Finding> resources(JsonNode resources) {
        return walk(resources, RESOURCES, "resources");
    }

    /** The schema of each field, for the test that compares it with the CRD's. */
    static ObjectNode all() {
        ObjectNode all = Json.object();
        all.set("image", IMAGE);
        all.set("env", ENV);
        all.set("resources", RESOURCES);
        return all;
    }

    private static List<Finding> walk(JsonNode value, JsonNode schema, String path) {
        List<Finding> findings = new ArrayList<>();
        new SchemaWalk(schema, findings).at(value, path);
        return List.copyOf(findings);
    }

    private static ObjectNode env() {
        ObjectNode sources = Json.object();
        sources.set("configMapKeyRef", reference("name", "key"));
        sources.set("secretKeyRef", reference("name", "key"));
        ObjectNode field = type("object");
        field.putObject("properties").set("apiVersion", type("string"));
        require(field, "fieldPath");
        sources.set("fieldRef", field);
        ObjectNode resource = type("object");
        ObjectNode properties = resource.putObject("properties");
        properties.set("containerName", type("string"));
        properties.putObject("divisor").put("x-kubernetes-int-or-string", true);
        require(resource, "resource");
        sources.set("resourceFieldRef", resource);
        sources.set("fileKeyRef", reference("volumeName", "path", "key"));
        ObjectNode valueFrom = type("object");
        valueFrom.set("properties", sources);
        rule(valueFrom, ContainerRules.ENV_VALUE_FROM);
        ObjectNode env = type("object");
        ObjectNode fields = env.putObject("properties");
        fields.set("name", text(TextPattern.ENV_NAME, 253));
        fields.set("value", type("string"));
        fields.set("valueFrom", valueFrom);
        env.putArray("required").add("name");
        rule(env, ContainerRules.ONE_ENV_VALUE);
        return env;
    }

    private static ObjectNode resources() {
        ObjectNode quantity = text(TextPattern.QUANTITY, Quantity.MAX_LENGTH);
        quantity.remove("type");
        quantity.put("x-kubernetes-int-or-string", true).put("minimum", 0);
        ObjectNode quantities = type("object").put("maxProperties", 16);
        quantities.set("additionalProperties", quantity);
        rule(quantities, ContainerRules.RESOURCE_NAMES);
        ObjectNode resources = type("object");
        ObjectNode fields = resources.putObject("properties");
        fields.set("requests", quantities);
        fields.set("limits", quantities);
        rule(resources, ContainerRules.REQUESTS_WITHIN_LIMITS);
        return resources;
    }

    /** The schema of a reference to a key, all of whose parts are required. */
    private static ObjectNode reference(String... parts) {
        ObjectNode reference = type("object");
        reference.putObject("properties").set("optional", type("boolean"));
        require(reference, parts);
        return reference;
    }

    private static void require(ObjectNode schema, String... fields) {
        for (String field : fields) {
            schema.withObjectProperty("properties").set(field, type("string"));
            schema.withArrayProperty("required").add(field);
        }
    }

    private static ObjectNode type(String type) {
        return Json.object().put("type", type);
    }

    private static ObjectNode text(TextPattern pattern, int maxLength) {
        return type("string").put("maxLength", maxLength).put("pattern", pattern.regex());
    }

    private static void rule(ObjectNode schema, Rule rule) {
        ObjectNode entry = schema.putArray("x-kubernetes-validations")
                .addObject()
                .put("rule", rule.cel())
                .put("message", rule.message());
        if (!rule.field().isEmpty()) {
            entry.put("fieldPath", "." + rule.field());
        }
    }
}

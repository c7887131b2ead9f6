package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One walk over a value and the structural schema of a CRD side by side. Each mismatch becomes a finding. */
final class SchemaWalk {
    private static final String RULES = "x-kubernetes-validations";
    private static final String OPEN = "x-kubernetes-preserve-unknown-fields";
    private static final String KEPT =
            "unknown to core/v1 as of Kubernetes 1.35; it is kept, and the API server decides";

    private final JsonNode schema;
    private final List<Finding> findings;

    SchemaWalk(JsonNode schema, List<Finding> findings) {
        this.schema = schema;
        this.findings = findings;
    }

    /** Rejects a schema with a rule or a pattern that has no form in Java. */
    static void requireKnown(JsonNode schema) {
        schema.path(RULES).forEach(rule -> {
            if (ruleOf(rule) == null) {
                throw new IllegalArgumentException("the CRD is of another release: it has the rule " + rule);
            }
        });
        if (schema.path("pattern").isTextual()
                && TextPattern.of(schema.get("pattern").textValue()).isEmpty()) {
            throw new IllegalArgumentException("the CRD is of another release: it has the pattern " + schema);
        }
        schema.forEach(SchemaWalk::requireKnown);
    }

    /** Checks a whole object. */
    void root(ObjectNode object) {
        value(object, schema, "", "");
    }

    /** Checks the value at a path. */
    void at(JsonNode node, String path) {
        value(node, schema, path, path);
    }

    /** {@code rulePath} is the path in errors of rules, which the API server writes differently for values of maps. */
    private void value(JsonNode node, JsonNode schema, String path, String rulePath) {
        if (!hasType(node, schema, path)) {
            return;
        }
        if (node.isTextual()) {
            Scalars.text(node.textValue(), schema).forEach(problem -> error(path, problem));
        } else if (node.isNumber()) {
            Scalars.number(node, schema).forEach(problem -> error(path, problem));
        } else if (node.isArray()) {
            list(node, schema, path);
        } else if (node.isObject()) {
            object(node, schema, path);
        }
        rules(node, schema, rulePath);
    }

    private boolean hasType(JsonNode node, JsonNode schema, String path) {
        Scalars.ScalarProblem problem = Scalars.type(node, schema);
        if (problem != null) {
            error(path, problem);
        }
        return problem == null;
    }

    private void object(JsonNode object, JsonNode schema, String path) {
        schema.path("required").forEach(name -> {
            if (!object.has(name.asText())) {
                error(child(path, name.asText()), new Scalars.ScalarProblem("Required", "Required value"));
            }
        });
        tooMany(object, schema, "maxProperties", path);
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            if (properties.has(key)) {
                value(value, properties.get(key), child(path, key), child(path, key));
            } else if (others.isObject()) {
                value(value, others, child(path, key), path + "[" + key + "]");
            } else if (schema.path(OPEN).asBoolean()) {
                findings.add(new Finding(Severity.WARNING, child(path, key), "UnknownField", KEPT));
            } else {
                error(child(path, key), new Scalars.ScalarProblem("UnknownField", "unknown field"));
            }
        }
    }

    private void list(JsonNode list, JsonNode schema, String path) {
        tooMany(list, schema, "maxItems", path);
        int minItems = schema.path("minItems").asInt(0);
        if (list.size() < minItems) {
            error(path, new Scalars.ScalarProblem("TooFew", "should have at least " + minItems + " items"));
        }
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String item = path + "[" + i + "]";
            JsonNode key = keyOf(list.get(i), schema);
            if (key != null && !seen.add(key)) {
                error(item, new Scalars.ScalarProblem("Duplicate", "Duplicate value: " + Json.text(key)));
            }
            value(list.get(i), schema.path("items"), item, item);
        }
    }

    /** The value that must be unique in this list; null where duplicates are allowed. */
    private static @Nullable JsonNode keyOf(JsonNode item, JsonNode schema) {
        String listType = schema.path("x-kubernetes-list-type").asText("");
        if (listType.equals("set")) {
            return item;
        }
        if (!listType.equals("map")) {
            return null;
        }
        ObjectNode key = Json.object();
        for (JsonNode name : schema.path("x-kubernetes-list-map-keys")) {
            JsonNode value = item.path(name.asText());
            if (!value.isTextual()) {
                return null;
            }
            key.set(name.asText(), value);
        }
        return key;
    }

    private void tooMany(JsonNode container, JsonNode schema, String keyword, String path) {
        int max = schema.path(keyword).asInt(Integer.MAX_VALUE);
        if (container.size() > max) {
            error(
                    path,
                    new Scalars.ScalarProblem(
                            "TooMany", "Too many: " + container.size() + ": must have at most " + max + " items"));
        }
    }

    private void rules(JsonNode node, JsonNode schema, String path) {
        for (JsonNode entry : schema.path(RULES)) {
            Rule rule = ruleOf(entry);
            if (rule != null && !rule.holds().test(node)) {
                String field = entry.path("fieldPath").asText("");
                error(path + field, new Scalars.ScalarProblem(rule.code(), rule.message()));
            }
        }
    }

    private static @Nullable Rule ruleOf(JsonNode entry) {
        return RuleBook.find(entry.path("rule").asText(), entry.path("message").asText())
                .orElse(null);
    }

    private void error(String path, Scalars.ScalarProblem problem) {
        findings.add(new Finding(Severity.ERROR, path, problem.code(), problem.message()));
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}

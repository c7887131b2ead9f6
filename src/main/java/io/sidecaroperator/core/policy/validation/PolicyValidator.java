package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports every mistake in a policy, before or without a server. Its knowledge comes from the CRDs: what they reject,
 * it reports as an error, at the same path and in the same words. One rule is not in the CRDs, and is added here.
 */
public final class PolicyValidator {
    private final Map<String, Type> types = new LinkedHashMap<>();

    /**
     * A validator for the kinds that these CRDs define.
     *
     * @throws IllegalArgumentException when one of them is not a CRD of this release
     */
    public PolicyValidator(Collection<? extends JsonNode> crds) {
        for (JsonNode crd : crds) {
            Type type = Type.of(crd);
            types.put(type.kind, type);
        }
    }

    /**
     * Returns all findings about the policy: those of the schema in the order of its fields, then those about requests
     * and limits. An empty list means that it is valid. Never throws.
     */
    public List<Finding> validate(ObjectNode policy) {
        List<Finding> findings = new ArrayList<>();
        String kind = Json.textAt(policy, "kind");
        Type type = kind == null ? null : types.get(kind);
        if (type == null) {
            findings.add(error("kind", "Kind", "must be " + String.join(" or ", types.keySet())));
            return findings;
        }
        if (!type.apiVersion.equals(Json.textAt(policy, "apiVersion"))) {
            findings.add(error("apiVersion", "ApiVersion", "must be " + type.apiVersion));
        }
        metadata(policy.path("metadata"), type, findings);
        new SchemaWalk(type.schema, findings).root(withoutHead(policy));
        resources(policy.path("spec"), findings);
        return findings;
    }

    /** What the CRD cannot say on every server that it is for ({@link ContainerRules#REQUESTS_WITHIN_LIMITS}). */
    private static void resources(JsonNode spec, List<Finding> findings) {
        JsonNode sidecars = spec.path("sidecars");
        for (int i = 0; i < sidecars.size(); i++) {
            resources(sidecars.path(i), "spec.sidecars[" + i + "]", findings);
        }
        resources(spec.at("/appContainers/defaults"), "spec.appContainers.defaults", findings);
    }

    private static void resources(JsonNode container, String path, List<Finding> findings) {
        Rule rule = ContainerRules.REQUESTS_WITHIN_LIMITS;
        if (!rule.holds().test(container.path("resources"))) {
            findings.add(error(path + ".resources." + rule.field(), rule.code(), rule.message()));
        }
    }

    private static void metadata(JsonNode metadata, Type type, List<Finding> findings) {
        name(metadata, "name", TextPattern.DNS_SUBDOMAIN, 253, findings);
        if (!metadata.has("name")) {
            findings.add(error("metadata.name", "Required", "Required value"));
        }
        name(metadata, "namespace", TextPattern.DNS_LABEL, 63, findings);
        if (metadata.has("namespace") && !type.namespaced) {
            findings.add(error("metadata.namespace", "Namespace", "must not be set: " + type.kind + " has none"));
        }
        ObjectNode label = Json.object().put("type", "string").put("maxLength", 63);
        texts(metadata, "labels", label.put("pattern", TextPattern.LABEL_VALUE.regex()), findings);
        texts(metadata, "annotations", Json.object().put("type", "string"), findings);
    }

    /** Strings by key. The server, too, rejects what YAML reads as a number or a boolean. */
    private static void texts(JsonNode metadata, String key, ObjectNode value, List<Finding> findings) {
        JsonNode texts = metadata.path(key).deepCopy();
        if (Json.isAbsent(texts)) {
            return;
        }
        if (texts instanceof ObjectNode object) {
            // The server drops them.
            object.properties().removeIf(entry -> entry.getValue().isNull());
        }
        String path = "metadata." + key;
        ObjectNode schema = Json.object().put("type", "object");
        schema.set("additionalProperties", value);
        new SchemaWalk(schema, findings).at(texts, path);
        if (!LabelRules.KEYS.holds().test(texts)) {
            findings.add(error(path, LabelRules.KEYS.code(), LabelRules.KEYS.message()));
        }
    }

    private static void name(JsonNode metadata, String key, TextPattern pattern, int length, List<Finding> findings) {
        JsonNode value = metadata.path(key);
        if (!value.isMissingNode()) {
            ObjectNode schema = Json.object().put("type", "string").put("maxLength", length);
            schema.put("pattern", pattern.regex());
            new SchemaWalk(schema, findings).at(value, "metadata." + key);
        }
    }

    /**
     * The part that the schema covers: the server checks the head itself, and the status does not belong to the user.
     */
    private static ObjectNode withoutHead(ObjectNode policy) {
        ObjectNode body = Json.object();
        policy.properties().forEach(entry -> body.set(entry.getKey(), entry.getValue()));
        return body.without(List.of("apiVersion", "kind", "metadata", "status"));
    }

    private static Finding error(String path, String code, String message) {
        return new Finding(Severity.ERROR, path, code, message);
    }

    /** What a CRD says about its kind. */
    private record Type(String kind, String apiVersion, boolean namespaced, JsonNode schema) {

        static Type of(JsonNode crd) {
            JsonNode spec = crd.path("spec");
            JsonNode version = spec.path("versions").path(0);
            JsonNode schema = version.at("/schema/openAPIV3Schema");
            String kind = Json.textAt(spec.path("names"), "kind");
            String group = Json.textAt(spec, "group");
            if (kind == null || group == null || !schema.isObject()) {
                throw new IllegalArgumentException("not a CustomResourceDefinition with a schema");
            }
            SchemaWalk.requireKnown(schema);
            return new Type(
                    kind,
                    group + "/" + version.path("name").asText(),
                    "Namespaced".equals(Json.textAt(spec, "scope")),
                    schema);
        }
    }
}

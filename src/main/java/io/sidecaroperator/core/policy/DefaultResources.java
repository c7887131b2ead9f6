package io.sidecaroperator.core.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sidecaroperator.core.json.Json;

/** The resources of a sidecar whose policy names none, as quantities. */
public record DefaultResources(String cpuRequest, String memoryRequest, String cpuLimit, String memoryLimit) {
    /** The defaults of this build. */
    public static final DefaultResources CURRENT = new DefaultResources("100m", "128Mi", "500m", "512Mi");

    /** Returns these requests and limits with the missing ones filled in. */
    public ObjectNode complete(JsonNode given) {
        ObjectNode resources = given instanceof ObjectNode object ? object.deepCopy() : Json.object();
        if (resources.isEmpty()) {
            resources.putObject("limits").put("cpu", cpuLimit).put("memory", memoryLimit);
        }
        ObjectNode requests = Json.objectAt(resources, "requests");
        requests = requests == null ? resources.putObject("requests") : requests;
        boolean whole = !(given instanceof ObjectNode) || given.isEmpty();
        JsonNode limits = whole ? Json.object() : resources.path("limits");
        request(requests, limits, "cpu", cpuRequest);
        request(requests, limits, "memory", memoryRequest);
        return resources;
    }

    /** A missing request is its limit, else the default. */
    private static void request(ObjectNode requests, JsonNode limits, String resource, String otherwise) {
        if (Json.isAbsent(requests.get(resource))) {
            JsonNode limit = limits.path(resource);
            requests.set(resource, Json.isAbsent(limit) ? TextNode.valueOf(otherwise) : limit);
        }
    }
}

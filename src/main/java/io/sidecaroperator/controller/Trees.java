package io.sidecaroperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.tree.Json;

/** Watched resources as one tree, for the parts of the program that know no client. */
final class Trees {
    private Trees() {}

    /** The object with the metadata that decisions are made of; spec and status are shared, not copied. */
    static ObjectNode of(CustomResource<JsonNode, JsonNode> resource) {
        ObjectMeta metadata = resource.getMetadata();
        ObjectNode tree = Json.object();
        tree.put("apiVersion", resource.getApiVersion());
        tree.put("kind", resource.getKind());
        ObjectNode shown = tree.putObject("metadata");
        shown.put("name", metadata.getName());
        if (metadata.getNamespace() != null) {
            shown.put("namespace", metadata.getNamespace());
        }
        if (metadata.getGeneration() != null) {
            shown.put("generation", metadata.getGeneration());
        }
        if (resource.getSpec() != null) {
            tree.set("spec", resource.getSpec());
        }
        if (resource.getStatus() != null) {
            tree.set("status", resource.getStatus());
        }
        return tree;
    }
}

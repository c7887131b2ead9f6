package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.json.Json;
import java.util.Map;

/** Watched resources as JSON trees, for the parts of the program that do not use the client. */
public final class Trees {
    private Trees() {}

    /** Returns the object with the metadata on which decisions depend. Spec and status of a policy are shared,
     * not copied. */
    public static ObjectNode of(HasMetadata resource) {
        ObjectNode tree = head(resource);
        if (resource instanceof CustomResource<?, ?> shaped) {
            set(tree, "spec", shaped.getSpec());
            set(tree, "status", shaped.getStatus());
        } else if (resource instanceof GenericKubernetesResource generic) {
            generic.getAdditionalProperties().forEach((key, value) -> set(tree, key, Json.MAPPER.valueToTree(value)));
        }
        return tree;
    }

    private static ObjectNode head(HasMetadata resource) {
        ObjectMeta metadata = resource.getMetadata();
        ObjectNode tree = Json.object();
        tree.put("apiVersion", resource.getApiVersion());
        tree.put("kind", resource.getKind());
        ObjectNode shown = tree.putObject("metadata");
        shown.put("name", metadata.getName());
        if (metadata.getNamespace() != null) {
            shown.put("namespace", metadata.getNamespace());
        }
        if (metadata.getUid() != null) {
            shown.put("uid", metadata.getUid());
        }
        if (metadata.getGeneration() != null) {
            shown.put("generation", metadata.getGeneration());
        }
        Map<String, String> annotations = metadata.getAnnotations();
        if (annotations != null && !annotations.isEmpty()) {
            annotations.forEach(shown.putObject("annotations")::put);
        }
        return tree;
    }

    private static void set(ObjectNode tree, String key, Object value) {
        if (value instanceof JsonNode node) {
            tree.set(key, node);
        }
    }
}

package io.sidecaroperator.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A workload whose spec and status are JSON trees: every field is kept, whatever Kubernetes adds to it.
 *
 * <p>The operator's caches hold every workload of a cluster, so an object is small. Spec and status are kept as text,
 * which is a sixth of the tree, and each call of a getter returns a new tree. Of the managed fields only the managers
 * are kept: the fields would be most of an object, and nothing asks for them.
 */
public abstract class WorkloadResource extends CustomResource<JsonNode, JsonNode> implements Namespaced {
    private byte @Nullable [] specText;
    private byte @Nullable [] statusText;

    @Override
    public void setMetadata(ObjectMeta metadata) {
        for (ManagedFieldsEntry entry : metadata.getManagedFields()) {
            entry.setFieldsV1(null);
        }
        super.setMetadata(metadata);
    }

    @Override
    public @Nullable JsonNode getSpec() {
        return tree(specText);
    }

    @Override
    public void setSpec(@Nullable JsonNode spec) {
        specText = text(spec);
    }

    @Override
    public @Nullable JsonNode getStatus() {
        return tree(statusText);
    }

    @Override
    public void setStatus(@Nullable JsonNode status) {
        statusText = text(status);
    }

    private static byte @Nullable [] text(@Nullable JsonNode tree) {
        return tree == null ? null : Json.bytes(tree);
    }

    private static @Nullable JsonNode tree(byte @Nullable [] text) {
        return text == null ? null : Json.parse(text);
    }
}

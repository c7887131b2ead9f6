package io.sidecaroperator.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The deleted policies that left what they added to the user, on the workload's own metadata: there the annotation
 * restarts no pod. A name stays as long as the template's receipt still has its entry.
 */
public final class OrphanedAnnotation {
    /** Names of policies as receipts write them, separated by commas. */
    public static final String NAME = "sidecar-operator.io/orphaned";

    private OrphanedAnnotation() {}

    /** The policies that the object names, in their order. */
    public static Set<PolicyKey> of(JsonNode object) {
        Set<PolicyKey> policies = new TreeSet<>();
        String text = Json.textAt(Json.objectAt(object.path("metadata"), "annotations"), NAME);
        if (text != null) {
            for (String name : text.split(",", -1)) {
                if (!name.isBlank()) {
                    policies.add(PolicyKey.parse(name.trim()));
                }
            }
        }
        return policies;
    }

    /** Returns a copy of the object that names exactly these policies; without policies, the annotation goes. */
    public static ObjectNode with(ObjectNode object, Collection<PolicyKey> policies) {
        ObjectNode copy = object.deepCopy();
        if (policies.isEmpty()) {
            ObjectNode metadata = Json.objectAt(copy, "metadata");
            ObjectNode annotations = Json.objectAt(metadata, "annotations");
            if (metadata != null && annotations != null && annotations.remove(NAME) != null && annotations.isEmpty()) {
                metadata.remove("annotations");
            }
            return copy;
        }
        copy.withObject("/metadata/annotations").put(NAME, text(policies));
        return copy;
    }

    private static String text(Collection<PolicyKey> policies) {
        return new TreeSet<>(policies).stream().map(PolicyKey::toString).collect(Collectors.joining(","));
    }
}

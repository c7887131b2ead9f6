package io.sidecaroperator.cases;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.TestCluster;
import java.util.Locale;
import java.util.Optional;

/** What a real API server makes of the objects of a case. */
final class RealServer {
    private final TestCluster cluster;

    RealServer(TestCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * The object as the server would store it; an {@link AssertionError} when it refuses the object or does not know a
     * field of it.
     */
    ObjectNode stored(ObjectNode object, String namespace) {
        return post(object, namespace, "?dryRun=All&fieldValidation=Strict");
    }

    /** Creates the object and returns what the server has stored. */
    ObjectNode create(ObjectNode object, String namespace) {
        return post(object, namespace, "?fieldValidation=Strict");
    }

    /** The object as it is stored; empty when the server has no object of that name. */
    Optional<ObjectNode> find(ObjectNode object, String namespace) {
        String name = object.path("metadata").path("name").asText();
        return Optional.ofNullable(cluster.admin().raw(path(object, namespace) + "/" + name))
                .map(answer -> (ObjectNode) Json.parse(answer));
    }

    private ObjectNode post(ObjectNode object, String namespace, String query) {
        ObjectNode copy = object.deepCopy();
        if (!namespace.isEmpty()) {
            copy.withObject("/metadata").put("namespace", namespace);
        }
        try {
            String answer = cluster.admin().raw(path(object, namespace) + query, "POST", Json.text(copy));
            return (ObjectNode) Json.parse(String.valueOf(answer));
        } catch (KubernetesClientException e) {
            throw new AssertionError("the API server refuses " + Json.text(copy) + ": " + e.getMessage(), e);
        }
    }

    private static String path(ObjectNode object, String namespace) {
        String version = object.path("apiVersion").asText();
        String kind = object.path("kind").asText().toLowerCase(Locale.ROOT);
        String plural = kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
        return (version.contains("/") ? "/apis/" : "/api/") + version
                + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + plural;
    }

    /** The template as if it had been injected in another namespace: its receipt names policies of that one. */
    static ObjectNode moved(ObjectNode template, String from, String to) {
        ObjectNode copy = template.deepCopy();
        ObjectNode annotations = Json.objectAt(copy.path("metadata"), "annotations");
        String receipt = Json.textAt(annotations, Receipt.ANNOTATION);
        if (annotations != null && receipt != null) {
            annotations.put(Receipt.ANNOTATION, receipt.replace("\"" + from + "/", "\"" + to + "/"));
        }
        return copy;
    }
}

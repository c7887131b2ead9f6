package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.yaml.Document;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The call of a KRM function, as kustomize and kpt make it: one ResourceList with all objects. The response is the same
 * list with the objects changed in place, and with messages as results.
 */
public final class FunctionCall {
    static final String GROUP = "config.kubernetes.io";
    private static final String KIND = "ResourceList";
    /** Annotations by which callers recognise their objects. */
    private static final Set<String> CALLERS = Set.of("config.kubernetes.io/", "internal.config.kubernetes.io/");

    private static final Set<String> SETTINGS = Set.of("policies", "kubernetesVersion", "namespace", "strict");

    private final ObjectNode list;

    private FunctionCall(ObjectNode list) {
        this.list = list;
    }

    /** Returns the call in the document; empty when the document is not a call. */
    static Optional<FunctionCall> of(Document document) {
        return document.content() instanceof ObjectNode tree
                        && KIND.equals(Json.textAt(tree, "kind"))
                        && WorkloadKind.groupOf(String.valueOf(Json.textAt(tree, "apiVersion")))
                                .equals(GROUP)
                ? Optional.of(new FunctionCall(tree))
                : Optional.empty();
    }

    /** Whether a text may be a call. */
    static boolean mayBe(String text) {
        return text.contains(KIND);
    }

    /** Returns all objects. */
    public List<ManifestObject> objects() {
        List<ManifestObject> objects = new ArrayList<>();
        map(object -> {
            objects.add(ManifestPolicies.isPolicy(object) ? plain(object) : object);
            return object.tree();
        });
        return objects;
    }

    /** Returns the policies in the configuration of the call. */
    public List<ManifestObject> policies() {
        Optional<ManifestObject> config = config();
        if (config.filter(ManifestPolicies::isPolicy).isPresent()) {
            return List.of(plain(config.get()));
        }
        String text = setting("policies").orElse("");
        List<Document> documents = new ArrayList<>();
        new DocumentReader(
                        "functionConfig, data.policies",
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .forEachRemaining(documents::add);
        return ManifestObject.of(documents);
    }

    /**
     * Returns a value of the ConfigMap that configures the call.
     *
     * @throws InputException when the configuration is something else, or has an unknown key
     */
    public Optional<String> setting(String key) {
        Optional<ManifestObject> config = config();
        if (config.isEmpty() || ManifestPolicies.isPolicy(config.get())) {
            return Optional.empty();
        }
        if (!config.get().kind().equals("ConfigMap")) {
            throw new InputException("functionConfig: is a " + config.get().kind()
                    + "; expected a SidecarPolicy, a ClusterSidecarPolicy or a ConfigMap");
        }
        for (Map.Entry<String, JsonNode> entry :
                config.get().tree().path("data").properties()) {
            if (!SETTINGS.contains(entry.getKey())) {
                throw new InputException("functionConfig: data." + entry.getKey() + " means nothing; expected policies,"
                        + " kubernetesVersion, namespace or strict");
            } else if (entry.getValue().isContainerNode()) {
                throw new InputException("functionConfig: data." + entry.getKey() + " is not a text");
            }
        }
        // Not only strings: a caller's configuration is not sent to an API server, which would accept only strings.
        return Optional.of(config.get().tree().path("data").path(key).asText()).filter(value -> !value.isEmpty());
    }

    /**
     * Returns the response after a success.
     *
     * @throws InputException when an item is not an object
     */
    public ObjectNode changed(ManifestRun change, FunctionResults results) {
        ArrayNode items = map(object -> change.of(object).after());
        change.end();
        return with(items, results.toJson());
    }

    /** Returns the response after a failure: every item as it was. */
    public ObjectNode failed(String message) {
        FunctionResults results = new FunctionResults(true, false);
        List<ManifestObject> objects = new ArrayList<>();
        try {
            objects.addAll(objects());
        } catch (InputException e) {
            // That may be the failure itself.
        }
        message.lines()
                .forEach(line -> results.fail(
                        line,
                        objects.stream()
                                .filter(object -> line.startsWith(object.where() + ": "))
                                .findFirst()
                                .orElse(null)));
        return with(list.get("items"), results.toJson());
    }

    private ObjectNode with(@Nullable JsonNode items, ArrayNode results) {
        ObjectNode answer = Json.object();
        answer.setAll(list);
        if (items != null) {
            answer.set("items", items);
        }
        ArrayNode all = Json.array();
        all.addAll(Optional.ofNullable(Json.arrayAt(list, "results")).orElse(Json.array()));
        all.addAll(results);
        if (!all.isEmpty()) {
            answer.set("results", all);
        }
        return answer;
    }

    private ArrayNode map(Function<ManifestObject, ObjectNode> change) {
        ArrayNode changed = Json.array();
        ArrayNode items = Json.arrayAt(list, "items");
        for (int i = 0; items != null && i < items.size(); i++) {
            changed.add(ManifestObject.map(place(items.get(i), i), items.get(i), change));
        }
        return changed;
    }

    /** Returns how messages name an item: by its file, when the caller gives it. */
    private static String place(JsonNode item, int index) {
        return FunctionResults.pathOf(item).orElse("items[" + index + "]");
    }

    private Optional<ManifestObject> config() {
        ObjectNode config = Json.objectAt(list, "functionConfig");
        if (config == null) {
            return Optional.empty();
        }
        List<ManifestObject> found = new ArrayList<>();
        ManifestObject.map("functionConfig", config, object -> {
            found.add(object);
            return object.tree();
        });
        return found.stream().findFirst();
    }

    /** The same policy may be configuration and item, with different annotations of the caller. */
    private static ManifestObject plain(ManifestObject policy) {
        ObjectNode tree = policy.tree().deepCopy();
        ObjectNode metadata = Json.objectAt(tree, "metadata");
        ObjectNode annotations = Json.objectAt(metadata, "annotations");
        if (metadata != null && annotations != null) {
            List<String> names = new ArrayList<>();
            annotations.fieldNames().forEachRemaining(names::add);
            names.stream()
                    .filter(name -> CALLERS.stream().anyMatch(name::startsWith))
                    .forEach(annotations::remove);
            if (annotations.isEmpty()) {
                metadata.remove("annotations");
            }
        }
        return new ManifestObject(policy.where(), policy.apiVersion(), policy.kind(), tree);
    }
}

package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One Kubernetes object of a document: the document itself, or an item of a List, which may be nested.
 *
 * @param where the place, as messages begin
 * @param apiVersion that of the object, or the one that its List implies
 * @param kind that of the object, or the one that its List implies
 */
public record ManifestObject(String where, String apiVersion, String kind, ObjectNode tree) {
    private static final String LIST = "List";

    /** Returns the API group, empty for core. */
    public String group() {
        return WorkloadKind.groupOf(apiVersion);
    }

    /** Returns the name for messages, as in {@code Deployment web}. */
    public String name() {
        String name = Json.textAt(tree.path("metadata"), "name");
        return name == null ? kind : kind + " " + name;
    }

    /** Returns its kind of workload among the known ones; empty when it is not a workload. */
    public Optional<WorkloadKind> workloadKind(WorkloadKinds known) {
        return known.of(Json.object().put("apiVersion", apiVersion).put("kind", kind));
    }

    /** Returns every object of the documents, in order, with Lists expanded. */
    public static List<ManifestObject> of(List<Document> documents) {
        List<ManifestObject> objects = new ArrayList<>();
        for (Document document : documents) {
            map(document, object -> {
                objects.add(object);
                return object.tree();
            });
        }
        return objects;
    }

    /**
     * Returns the document with each of its objects replaced by the function's result. The given document does not
     * change.
     */
    public static JsonNode map(Document document, Function<ManifestObject, ObjectNode> change) {
        return map(document.where(), document.content(), change);
    }

    /** The same for a value that is not a document; messages about it begin with {@code where}. */
    static ObjectNode map(String where, JsonNode content, Function<ManifestObject, ObjectNode> change) {
        if (!(content instanceof ObjectNode tree)) {
            throw new InputException(where + ": is no Kubernetes object but "
                    + (content.isArray() ? "a list" : "a single value")
                    + "; an object has apiVersion and kind");
        }
        String apiVersion = Json.textAt(tree, "apiVersion");
        String kind = Json.textAt(tree, "kind");
        return map(
                new ManifestObject(where, apiVersion == null ? "" : apiVersion, kind == null ? "" : kind, tree),
                change);
    }

    private static ObjectNode map(ManifestObject object, Function<ManifestObject, ObjectNode> change) {
        object.checkType("apiVersion", object.apiVersion);
        object.checkType("kind", object.kind);
        ArrayNode items = Json.arrayAt(object.tree, "items");
        if (!object.kind.endsWith(LIST) || items == null) {
            return change.apply(object);
        }
        ArrayNode changed = Json.array();
        for (int i = 0; i < items.size(); i++) {
            changed.add(map(object.item(i, items.get(i)), change));
        }
        ObjectNode copy = Json.object();
        copy.setAll(object.tree);
        copy.set("items", changed);
        return copy;
    }

    /** The items of a typed list may omit their kind and apiVersion. */
    private ManifestObject item(int index, JsonNode item) {
        String place = where + ", items[" + index + "]";
        if (!(item instanceof ObjectNode tree)) {
            throw new InputException(place + ": is no Kubernetes object");
        }
        String ownVersion = Json.textAt(tree, "apiVersion");
        String ownKind = Json.textAt(tree, "kind");
        boolean typed = !kind.equals(LIST);
        return new ManifestObject(
                place,
                ownVersion != null ? ownVersion : typed ? apiVersion : "",
                ownKind != null ? ownKind : typed ? kind.substring(0, kind.length() - LIST.length()) : "",
                tree);
    }

    private void checkType(String field, String value) {
        if (value.isEmpty()) {
            String found = tree.has(field) ? "is not a word" : "is missing";
            throw new InputException(where + ": " + field + " " + found + ", so this is no Kubernetes object");
        }
    }
}

package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.GracePeriod;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Place.Level;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.receipt.ReceiptCodec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Applies plans to a copy of the user's own template, and writes the receipt. */
final class Applier {
    private final ObjectNode root;
    private final ObjectNode spec;
    private final Map<Place, SortedMap<Integer, List<JsonNode>>> containers = new EnumMap<>(Place.class);

    private Applier(ObjectNode root) {
        this.root = root;
        this.spec = objectIn(root, "spec");
    }

    /** Returns the template with everything that the plans add; without plans, the input itself. */
    static ObjectNode apply(ObjectNode user, List<Plan> plans) {
        if (plans.isEmpty()) {
            return user;
        }
        Applier applier = new Applier(user.deepCopy());
        plans.forEach(plan -> plan.edits().forEach(applier::edit));
        applier.containers.forEach(applier::merge);
        applier.receipt(plans);
        return applier.root;
    }

    private void edit(Edit edit) {
        Place place = edit.place();
        switch (place.form()) {
            case CONTAINERS ->
                containers
                        .computeIfAbsent(place, list -> new TreeMap<>())
                        .computeIfAbsent(edit.slot(), slot -> new ArrayList<>())
                        .add(edit.value().deepCopy());
            case OWNED, KEYED, UNNAMED, NAMES ->
                parents(edit)
                        .forEach(parent ->
                                listIn(parent, place.key()).add(edit.value().deepCopy()));
            case TEXTS ->
                parents(edit).forEach(parent -> objectIn(parent, place.key()).set(edit.key(), edit.value()));
            case FIELDS ->
                parents(edit)
                        .forEach(parent -> parent.set(edit.key(), edit.value().deepCopy()));
            case HIGHEST -> GracePeriod.raise(spec, edit.value().longValue());
        }
    }

    private Stream<ObjectNode> parents(Edit edit) {
        if (edit.place().level() == Level.METADATA) {
            objectIn(root, "metadata");
        }
        return edit.place().parents(root, edit.app());
    }

    /**
     * Puts our containers between the user's containers. The user's order stays; ours of one slot keep the order of the
     * policies.
     */
    private void merge(Place list, SortedMap<Integer, List<JsonNode>> ours) {
        ArrayNode merged = Json.array();
        int slot = 0;
        for (JsonNode user : listIn(spec, list.key())) {
            merged.addAll(ours.getOrDefault(slot++, List.of()));
            merged.add(user);
        }
        ours.tailMap(slot).values().forEach(merged::addAll);
        spec.set(list.key(), merged);
    }

    private void receipt(List<Plan> plans) {
        Map<PolicyKey, Receipt.Entry> entries = new LinkedHashMap<>();
        plans.forEach(plan -> entries.put(plan.policy(), plan.receipt()));
        objectIn(objectIn(root, "metadata"), "annotations")
                .put(Receipt.ANNOTATION, ReceiptCodec.write(new Receipt(entries)));
    }

    private static ObjectNode objectIn(ObjectNode parent, String key) {
        ObjectNode object = Json.objectAt(parent, key);
        if (object == null) {
            object = Json.object();
            parent.set(key, object);
        }
        return object;
    }

    private static ArrayNode listIn(ObjectNode parent, String key) {
        ArrayNode array = Json.arrayAt(parent, key);
        if (array == null) {
            array = Json.array();
            parent.set(key, array);
        }
        return array;
    }
}

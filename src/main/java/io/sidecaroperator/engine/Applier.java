package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Edit.ContainerList;
import io.sidecaroperator.tree.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Carries plans out on a copy of the user's own template, and writes the receipt. */
final class Applier {
    private final ObjectNode root;
    private final ObjectNode spec;
    private final Map<ContainerList, SortedMap<Integer, List<ObjectNode>>> containers =
            new EnumMap<>(ContainerList.class);

    private Applier(ObjectNode root) {
        this.root = root;
        this.spec = objectIn(root, "spec");
    }

    /** The template with everything that the plans add; the input itself when there is no plan. */
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
        if (edit instanceof Edit.AddVolume add) {
            listIn(spec, "volumes").add(add.volume().deepCopy());
        } else if (edit instanceof Edit.AddContainer add) {
            containers
                    .computeIfAbsent(add.list(), list -> new TreeMap<>())
                    .computeIfAbsent(add.slot(), slot -> new ArrayList<>())
                    .add(add.container().deepCopy());
        } else if (edit instanceof Edit.AddMount add) {
            app(add.container())
                    .ifPresent(
                            app -> listIn(app, "volumeMounts").add(add.mount().deepCopy()));
        } else if (edit instanceof Edit.AddEnv add) {
            app(add.container())
                    .ifPresent(app -> listIn(app, "env").add(add.env().deepCopy()));
        } else if (edit instanceof Edit.AddEnvFrom add) {
            app(add.container())
                    .ifPresent(app -> listIn(app, "envFrom").add(add.source().deepCopy()));
        } else if (edit instanceof Edit.SetDefault set) {
            app(set.container())
                    .ifPresent(app -> app.set(set.field().key(), set.value().deepCopy()));
        } else if (edit instanceof Edit.SetMetadata set) {
            objectIn(objectIn(root, "metadata"), set.map().key()).put(set.key(), set.value());
        } else if (edit instanceof Edit.AddPullSecret add) {
            listIn(spec, "imagePullSecrets").add(Json.object().put("name", add.name()));
        } else if (edit instanceof Edit.SetGracePeriod set) {
            GracePeriod.raise(spec, set.seconds());
        }
    }

    private Optional<ObjectNode> app(String name) {
        return Json.named(spec, ContainerList.CONTAINERS.key(), name)
                .or(() -> Json.named(spec, ContainerList.INIT_CONTAINERS.key(), name));
    }

    /** Puts ours between the user's containers, whose own order stays; ours of one slot stay in book order. */
    private void merge(ContainerList list, SortedMap<Integer, List<ObjectNode>> ours) {
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

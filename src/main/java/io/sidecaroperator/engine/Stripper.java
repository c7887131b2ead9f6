package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Receipt.AppPart;
import io.sidecaroperator.engine.Receipt.Entry;
import io.sidecaroperator.engine.Receipt.Part;
import io.sidecaroperator.engine.Receipt.Was;
import io.sidecaroperator.tree.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what a receipt lists. Our own containers and volumes go by name; a value inside the user's part goes only
 * while it is still the one we wrote. What somebody else has taken away before is no error.
 */
final class Stripper {
    /**
     * The user's own template, and what was taken.
     *
     * @param volumes the volumes taken, as they were
     */
    record Result(ObjectNode template, List<Note> notes, List<ObjectNode> volumes) {}

    private final ObjectNode root;
    /** What lists and maps of the pod were; any one entry knows, an adopted one does not. */
    private final Map<String, Was> was = new HashMap<>();
    /** The same for the lists and maps of each app container. */
    private final Map<String, Map<String, Was>> appWas = new HashMap<>();

    private final List<Note> notes = new ArrayList<>();
    private final List<ObjectNode> volumes = new ArrayList<>();

    private Stripper(ObjectNode root, Receipt receipt) {
        this.root = root;
        for (Entry entry : receipt.entries().values()) {
            was.putAll(entry.was());
            entry.apps()
                    .forEach((name, app) ->
                            appWas.computeIfAbsent(name, key -> new HashMap<>()).putAll(app.was()));
        }
    }

    /** Strips a copy of the template of these entries, and of the receipt's annotation itself. */
    static Result strip(ObjectNode template, Receipt receipt) {
        Stripper stripper = new Stripper(template.deepCopy(), receipt);
        receipt.entries().forEach(stripper::entry);
        stripper.gracePeriod(receipt);
        stripper.annotation();
        return new Result(stripper.root, List.copyOf(stripper.notes), List.copyOf(stripper.volumes));
    }

    private void entry(PolicyKey policy, Entry entry) {
        ObjectNode spec = Json.objectAt(root, "spec");
        if (spec != null) {
            entry.apps().forEach((name, app) -> app(policy, spec, name, app));
            for (Part part : Part.values()) {
                Map<String, String> names = entry.names(part);
                if (part == Part.VOLUMES) {
                    Json.objects(spec, part.key())
                            .filter(volume -> names.containsKey(Situation.nameOf(volume)))
                            .forEach(volumes::add);
                }
                remove(spec, part.key(), was, item -> names.containsKey(Situation.nameOf(item)));
            }
            remove(
                    spec,
                    "imagePullSecrets",
                    was,
                    item -> item.size() == 1 && entry.pullSecrets().contains(Situation.nameOf(item)));
        }
        for (Edit.MetadataMap map : Edit.MetadataMap.values()) {
            entry.names(map).forEach((key, hash) -> metadata(policy, map, key, hash));
            settle(
                    Json.objectAt(root, "metadata"),
                    map.key(),
                    was,
                    !entry.names(map).isEmpty());
        }
    }

    /** One number for all policies: what the highest of them wrote is there, or somebody has changed it. */
    private void gracePeriod(Receipt receipt) {
        ObjectNode spec = Json.objectAt(root, "spec");
        if (spec == null || GracePeriod.written(receipt).isEmpty()) {
            return;
        }
        if (!GracePeriod.isOurs(spec, receipt) && !GracePeriod.isDefault(spec.get(GracePeriod.KEY))) {
            receipt.entries().entrySet().stream()
                    .filter(entry -> entry.getValue().gracePeriod().equals(GracePeriod.written(receipt)))
                    .findFirst()
                    .ifPresent(entry -> wonBack(entry.getKey(), GracePeriod.KEY));
        }
        GracePeriod.restore(spec, receipt);
    }

    private void app(PolicyKey policy, ObjectNode spec, String name, AppPart app) {
        Map<String, Was> before = appWas.getOrDefault(name, Map.of());
        for (Edit.ContainerList list : Edit.ContainerList.values()) {
            Json.named(spec, list.key(), name).ifPresent(container -> {
                app.mounts()
                        .forEach((path, hash) -> keyed(
                                policy,
                                container,
                                "volumeMounts",
                                before,
                                hash,
                                mount -> SharedMount.pathOf(mount).path().equals(path)));
                app.env()
                        .forEach((variable, hash) -> keyed(
                                policy,
                                container,
                                "env",
                                before,
                                hash,
                                env -> Situation.nameOf(env).equals(variable)));
                app.envFrom().forEach(hash -> removeFirst(container, "envFrom", before, hash, source -> true));
                app.defaults().forEach((field, hash) -> defaultOf(policy, container, field, before, hash));
            });
        }
    }

    /** Removes the element that has this key and this hash; says so when one has the key alone. */
    private void keyed(
            PolicyKey policy,
            ObjectNode container,
            String list,
            Map<String, Was> was,
            String hash,
            Predicate<ObjectNode> key) {
        if (!removeFirst(container, list, was, hash, key)) {
            Json.objects(container, list)
                    .filter(key)
                    .findFirst()
                    .ifPresent(item -> wonBack(
                            policy,
                            "container " + Situation.nameOf(container) + ", " + list + ": "
                                    + (list.equals("env") ? Situation.nameOf(item) : SharedMount.pathOf(item))));
        }
    }

    private static boolean removeFirst(
            ObjectNode parent, String list, Map<String, Was> was, String hash, Predicate<ObjectNode> key) {
        ArrayNode array = Json.arrayAt(parent, list);
        if (array == null) {
            return false;
        }
        for (Iterator<JsonNode> items = array.elements(); items.hasNext(); ) {
            if (items.next() instanceof ObjectNode item
                    && key.test(item)
                    && ServerForm.hash(list, item).equals(hash)) {
                items.remove();
                settle(parent, list, was, true);
                return true;
            }
        }
        return false;
    }

    private void defaultOf(PolicyKey policy, ObjectNode container, String field, Map<String, Was> was, String hash) {
        JsonNode value = container.get(field);
        if (Json.isAbsent(value) || value == null) {
            return;
        }
        if (!ServerForm.hash(field, value).equals(hash)) {
            wonBack(policy, "container " + Situation.nameOf(container) + ", " + field);
            return;
        }
        container.set(field, Json.object());
        settle(container, field, was, true);
    }

    private void metadata(PolicyKey policy, Edit.MetadataMap map, String key, String hash) {
        ObjectNode values = Json.objectAt(root.path("metadata"), map.key());
        String value = Json.textAt(values, key);
        if (values == null || value == null) {
            return;
        }
        if (ReceiptBuilder.metadataHash(value).equals(hash)) {
            values.remove(key);
        } else {
            wonBack(policy, key + " in " + map.key());
        }
    }

    private void annotation() {
        ObjectNode metadata = Json.objectAt(root, "metadata");
        ObjectNode annotations = Json.objectAt(metadata, "annotations");
        boolean removed = annotations != null && annotations.remove(Receipt.ANNOTATION) != null;
        settle(metadata, "annotations", was, removed);
        settle(root, "metadata", was, removed);
    }

    private static void remove(ObjectNode parent, String key, Map<String, Was> was, Predicate<ObjectNode> ours) {
        ArrayNode array = Json.arrayAt(parent, key);
        boolean removed = false;
        for (Iterator<JsonNode> items = array == null ? List.<JsonNode>of().iterator() : array.elements();
                items.hasNext(); ) {
            if (items.next() instanceof ObjectNode item && ours.test(item)) {
                items.remove();
                removed = true;
            }
        }
        settle(parent, key, was, removed);
    }

    /** Gives an emptied list or map the form that it had before we first added to it. */
    private static void settle(@Nullable ObjectNode parent, String key, Map<String, Was> was, boolean touched) {
        JsonNode value = parent == null ? null : parent.get(key);
        if (!touched || parent == null || value == null || !value.isContainerNode() || !value.isEmpty()) {
            return;
        }
        Was before = was.get(key);
        if (before == null) {
            parent.remove(key);
        } else if (before == Was.NULL) {
            parent.set(key, Objects.requireNonNull(Json.MAPPER.getNodeFactory().nullNode()));
        }
    }

    private void wonBack(PolicyKey policy, String what) {
        notes.add(new Note(Reason.ValueWonBack, what + " is not what policy " + policy + " wrote any more and stays"));
    }
}

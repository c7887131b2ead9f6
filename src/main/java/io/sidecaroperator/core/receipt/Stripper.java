package io.sidecaroperator.core.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.receipt.Place.Form;
import io.sidecaroperator.core.receipt.Place.Item;
import io.sidecaroperator.core.receipt.Place.Level;
import io.sidecaroperator.core.receipt.Receipt.Added;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import io.sidecaroperator.core.receipt.Receipt.Was;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removes what a receipt lists. Our own containers and volumes go by name. A value inside the user's part goes only
 * while it is still the one that we wrote. Parts that are already gone are not an error.
 */
public final class Stripper {
    /**
     * The user's own template, and what was removed from the live one.
     *
     * @param volumes the removed volumes, as they were
     */
    public record StrippedTemplate(ObjectNode template, List<Note> notes, List<ObjectNode> volumes) {}

    private final ObjectNode root;
    /** What lists and maps of the pod were before. Any single entry may know it; an adopted entry does not. */
    private final Map<String, Was> was = new HashMap<>();
    /** The same for the lists and maps of each app container. */
    private final Map<String, Map<String, Was>> appWas = new HashMap<>();

    private final List<Note> notes = new ArrayList<>();
    private final List<ObjectNode> volumes = new ArrayList<>();

    private Stripper(ObjectNode root, Receipt receipt) {
        this.root = root;
        for (Entry entry : receipt.entries().values()) {
            was.putAll(entry.pod().was());
            entry.apps()
                    .forEach((name, app) ->
                            appWas.computeIfAbsent(name, key -> new HashMap<>()).putAll(app.was()));
        }
    }

    /** Strips a copy of the template of these entries, and of the receipt annotation itself. */
    public static StrippedTemplate strip(ObjectNode template, Receipt receipt) {
        Stripper stripper = new Stripper(template.deepCopy(), receipt);
        receipt.entries().forEach(stripper::entry);
        stripper.gracePeriod(receipt);
        stripper.annotation();
        return new StrippedTemplate(stripper.root, List.copyOf(stripper.notes), List.copyOf(stripper.volumes));
    }

    /** A volume of ours that the user now mounts elsewhere becomes the user's: without it the pod would be invalid. */
    public static void keepMounted(ObjectNode template, List<ObjectNode> taken, List<Note> notes) {
        PodTemplate pod = new PodTemplate(template);
        ObjectNode spec = Json.objectAt(template, "spec");
        for (ObjectNode volume : taken) {
            String name = Json.nameOf(volume);
            boolean mounted = pod.allContainers()
                    .flatMap(container -> Json.objects(container, "volumeMounts"))
                    .anyMatch(mount -> Json.nameOf(mount).equals(name));
            if (spec != null && mounted && !pod.names("volumes").contains(name)) {
                ArrayNode volumes = Json.arrayAt(spec, "volumes");
                (volumes == null ? spec.putArray("volumes") : volumes).add(volume.deepCopy());
                notes.add(
                        new Note(Reason.ValueWonBack, "volume " + name + " stays: a container of the user mounts it"));
            }
        }
    }

    private void entry(PolicyKey policy, Entry entry) {
        entry.apps().forEach((name, app) -> take(policy, name, app, appWas.getOrDefault(name, Map.of())));
        take(policy, "", entry.pod(), was);
    }

    private void take(PolicyKey policy, String app, Added added, Map<String, Was> before) {
        added.parts()
                .forEach((place, parts) -> place.parents(root, app).forEach(parent -> {
                    List<Item> ours = place.ours(parent, parts);
                    remove(place, parent, ours, before);
                    tellWonBack(policy, place, parent, parts, ours);
                    if (place == Place.VOLUMES) {
                        ours.forEach(item -> volumes.add((ObjectNode) item.value()));
                    }
                }));
    }

    private static void remove(Place place, ObjectNode parent, List<Item> ours, Map<String, Was> before) {
        switch (place.form()) {
            case CONTAINERS, OWNED, KEYED, UNNAMED, NAMES -> {
                removeElements(Json.arrayAt(parent, place.key()), ours);
                restoreEmpty(parent, place.key(), before, !ours.isEmpty());
            }
            case TEXTS -> {
                ObjectNode texts = Json.objectAt(parent, place.key());
                ours.forEach(item -> Objects.requireNonNull(texts).remove(item.key()));
                restoreEmpty(parent, place.key(), before, true);
            }
            case FIELDS ->
                ours.forEach(item -> {
                    parent.set(item.key(), Json.object());
                    restoreEmpty(parent, item.key(), before, true);
                });
            case HIGHEST -> throw new IllegalStateException("it is one for all policies");
        }
    }

    /** Removes exactly these elements. Other elements that equal them stay. */
    private static void removeElements(@Nullable ArrayNode array, List<Item> ours) {
        Set<JsonNode> elements = Collections.newSetFromMap(new IdentityHashMap<>());
        ours.forEach(item -> elements.add(item.value()));
        if (array != null && !elements.isEmpty()) {
            array.removeIf(elements::contains);
        }
    }

    /** A value inside the user's part that is not what we wrote stays. A note reports it. */
    private void tellWonBack(PolicyKey policy, Place place, ObjectNode parent, List<AddedPart> parts, List<Item> ours) {
        if (!place.form().isByName() && place.form() != Form.UNNAMED) {
            Set<String> taken = ours.stream().map(Item::key).collect(Collectors.toSet());
            parts.stream()
                    .map(AddedPart::key)
                    .filter(key -> !taken.contains(key) && place.has(parent, key))
                    .forEach(key -> wonBack(policy, where(place, parent, key)));
        }
    }

    private static String where(Place place, ObjectNode parent, String key) {
        String of = place.level() == Level.APP ? "container " + Json.nameOf(parent) + ", " : "";
        return switch (place.form()) {
            case CONTAINERS, OWNED, KEYED, UNNAMED, NAMES -> of + place.key() + ": " + key;
            case TEXTS -> key + " in " + place.key();
            case FIELDS, HIGHEST -> of + key;
        };
    }

    /**
     * One number for all policies. Either the highest policy's value is still there, or another client has changed it.
     */
    private void gracePeriod(Receipt receipt) {
        ObjectNode spec = Json.objectAt(root, "spec");
        if (spec == null || GracePeriod.raised(receipt).isEmpty()) {
            return;
        }
        if (!GracePeriod.isOurs(spec, receipt) && !GracePeriod.isDefault(spec.get(GracePeriod.KEY))) {
            receipt.entries().entrySet().stream()
                    .filter(entry -> entry.getValue().gracePeriod().equals(GracePeriod.raised(receipt)))
                    .findFirst()
                    .ifPresent(entry -> wonBack(entry.getKey(), GracePeriod.KEY));
        }
        GracePeriod.restore(spec, receipt);
    }

    private void annotation() {
        ObjectNode metadata = Json.objectAt(root, "metadata");
        ObjectNode annotations = Json.objectAt(metadata, "annotations");
        boolean removed = annotations != null && annotations.remove(Receipt.ANNOTATION) != null;
        restoreEmpty(metadata, "annotations", was, removed);
        restoreEmpty(root, "metadata", was, removed);
    }

    /** Gives an emptied list or map the form that it had before we first added to it. */
    private static void restoreEmpty(@Nullable ObjectNode parent, String key, Map<String, Was> was, boolean touched) {
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

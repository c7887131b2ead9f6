package io.sidecaroperator.core.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.MountPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place in a pod template that policies add to, in the order of a receipt. Each constant says what is special about
 * its place, so that one piece of code owns, adds, records, removes, keeps and compares for all places.
 */
public enum Place {
    CONTAINERS(Level.POD, Form.CONTAINERS, "containers", "AddContainer"),
    INIT_CONTAINERS(Level.POD, Form.CONTAINERS, "initContainers", "AddContainer"),
    VOLUMES(Level.POD, Form.OWNED, "volumes", "AddVolume"),
    MOUNTS(Level.APP, Form.KEYED, "volumeMounts", "AddMount", Place::pathOf),
    ENV(Level.APP, Form.KEYED, "env", "AddEnv"),
    ENV_FROM(Level.APP, Form.UNNAMED, "envFrom", "AddEnvFrom", Json::text),
    DEFAULTS(Level.APP, Form.FIELDS, "defaults", "SetDefault"),
    LABELS(Level.METADATA, Form.TEXTS, "labels", "SetMetadata"),
    ANNOTATIONS(Level.METADATA, Form.TEXTS, "annotations", "SetMetadata"),
    PULL_SECRETS(Level.POD, Form.NAMES, "imagePullSecrets", "AddPullSecret"),
    HOST_ALIASES(Level.POD, Form.KEYED, "hostAliases", "AddHostAlias", Place::ipOf),
    /** One number for all policies, the highest; {@link GracePeriod} has its rules. */
    GRACE_PERIOD(Level.POD, Form.HIGHEST, "terminationGracePeriodSeconds", "SetGracePeriod");

    /** The object of a template that has the place. */
    public enum Level {
        POD,
        METADATA,
        APP
    }

    /** How the entries of a place are told apart, and when an entry is still the policy's. */
    public enum Form {
        /** A list of containers. They are the policy's by name, and stand in slots among the user's. */
        CONTAINERS,
        /** A list whose elements are the policy's by name. */
        OWNED,
        /** A list inside the user's part. An element is the policy's by key, while it has the value that we wrote. */
        KEYED,
        /** A list inside the user's part, of elements without a key. */
        UNNAMED,
        /** A list inside the user's part, of elements that consist of a name only. */
        NAMES,
        /** A map from strings to strings. */
        TEXTS,
        /** Some fields of the object itself. */
        FIELDS,
        /** One number, of which the highest counts. */
        HIGHEST;

        /** Whether the name alone makes an entry the policy's. */
        public boolean isByName() {
            return this == CONTAINERS || this == OWNED || this == NAMES;
        }

        /** Whether the entries are the elements of a list. */
        public boolean isList() {
            return this != TEXTS && this != FIELDS && this != HIGHEST;
        }
    }

    /** The lists whose elements are the policy's as a whole. */
    public static final List<Place> WHOLE = where(place -> place.form == Form.CONTAINERS || place.form == Form.OWNED);

    public static final List<Place> CONTAINER_LISTS = List.of(INIT_CONTAINERS, CONTAINERS);
    public static final List<Place> METADATA = where(place -> place.level == Level.METADATA);

    private final Level level;
    private final Form form;
    private final String key;
    private final String edit;
    private final Function<ObjectNode, String> keyOf;

    Place(Level level, Form form, String key, String edit) {
        this(level, form, key, edit, Json::nameOf);
    }

    Place(Level level, Form form, String key, String edit, Function<ObjectNode, String> keyOf) {
        this.level = level;
        this.form = form;
        this.key = key;
        this.edit = edit;
        this.keyOf = keyOf;
    }

    /** The places that this predicate accepts, in order. */
    public static List<Place> where(Predicate<Place> common) {
        return Arrays.stream(values()).filter(common).toList();
    }

    /** An entry of a place as a template has it. */
    public record Item(String key, JsonNode value) {}

    /** The key in the pod spec, in metadata or in a container. */
    public String key() {
        return key;
    }

    /** The name that JSON output gives to an edit of this place. */
    public String edit() {
        return edit;
    }

    public Level level() {
        return level;
    }

    public Form form() {
        return form;
    }

    /** The text that tells an element of the list from others. */
    public String keyOf(ObjectNode element) {
        return keyOf.apply(element);
    }

    private static String pathOf(ObjectNode mount) {
        return MountPath.ofMount(mount).path();
    }

    private static String ipOf(ObjectNode alias) {
        return alias.path("ip").asText();
    }

    /** The objects of a template that have this place: the spec, metadata, or the app container of this name. */
    public Stream<ObjectNode> parents(ObjectNode template, String app) {
        return switch (level) {
            case POD -> Stream.ofNullable(Json.objectAt(template, "spec"));
            case METADATA -> Stream.ofNullable(Json.objectAt(template, "metadata"));
            case APP ->
                CONTAINER_LISTS.stream().flatMap(list -> Json.named(template.path("spec"), list.key, app).stream());
        };
    }

    /** The elements of the list, in order. */
    Stream<Item> items(JsonNode parent) {
        return Json.objects(parent, key).map(element -> new Item(keyOf(element), element));
    }

    /** The part that a receipt lists for an entry. */
    public AddedPart part(String entry, JsonNode value) {
        return switch (form) {
            case CONTAINERS, OWNED, KEYED -> new AddedPart(entry, Normalizer.hash(key, value));
            case UNNAMED -> new AddedPart("", Normalizer.hash(key, value));
            case NAMES, HIGHEST -> new AddedPart(entry, "");
            case TEXTS -> new AddedPart(entry, Normalizer.hash("", value));
            case FIELDS -> new AddedPart(entry, Normalizer.hash(entry, value));
        };
    }

    /** The entries of an object that a receipt lists and that are still the policy's. */
    public List<Item> ours(ObjectNode parent, List<AddedPart> parts) {
        return switch (form) {
            case CONTAINERS, OWNED, NAMES -> named(parent, parts);
            case KEYED, UNNAMED -> unchanged(parent, parts);
            case TEXTS, FIELDS ->
                parts.stream()
                        .flatMap(part -> Stream.ofNullable(valueAt(parent, part.key()))
                                .filter(value -> part(part.key(), value).equals(part))
                                .map(value -> new Item(part.key(), value)))
                        .toList();
            case HIGHEST -> throw new IllegalStateException("a receipt lists it for all policies together");
        };
    }

    /** An element with more fields than a name has become the user's. */
    private List<Item> named(ObjectNode parent, List<AddedPart> parts) {
        Set<String> names = parts.stream().map(AddedPart::key).collect(Collectors.toSet());
        return items(parent)
                .filter(item -> names.contains(item.key()))
                .filter(item -> form != Form.NAMES || item.value().size() == 1)
                .toList();
    }

    /** Each part is for one element, so that an equal element of the user's stays. */
    private List<Item> unchanged(ObjectNode parent, List<AddedPart> parts) {
        List<AddedPart> open = new ArrayList<>(parts);
        return items(parent)
                .filter(item -> form == Form.UNNAMED
                        || open.stream().anyMatch(part -> part.key().equals(item.key())))
                .filter(item -> open.remove(part(item.key(), item.value())))
                .toList();
    }

    /** Whether the object has an entry with this key, the policy's or not. */
    public boolean has(JsonNode parent, String entry) {
        return form.isList()
                ? items(parent).anyMatch(item -> item.key().equals(entry))
                : valueAt(parent, entry) != null;
    }

    private @Nullable JsonNode valueAt(JsonNode parent, String entry) {
        JsonNode value = form == Form.TEXTS ? parent.path(key).get(entry) : parent.get(entry);
        boolean is = form == Form.TEXTS ? value != null && value.isTextual() : !Json.isAbsent(value);
        return is ? value : null;
    }
}

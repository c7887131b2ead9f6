package io.sidecaroperator.core.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.InvalidJsonException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Place.Form;
import io.sidecaroperator.core.receipt.Place.Level;
import io.sidecaroperator.core.receipt.Receipt.Added;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import io.sidecaroperator.core.receipt.Receipt.Raised;
import io.sidecaroperator.core.receipt.Receipt.Was;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes receipts as compact JSON: {@code {"shop/logs":{"revision":"…","engine":10,"containers":{…},…}}}. */
public final class ReceiptCodec {
    private static final String INJECTION = "injection";
    private static final String TO_PODS = "Pod";
    private static final String UNREADABLE = "not a receipt";

    private static final List<Place> OF_APPS = Place.where(place -> place.level() == Level.APP);
    private static final List<Place> OF_POD =
            Place.where(place -> place.level() != Level.APP && place.form() != Form.HIGHEST);
    private static final List<Place> SHARED =
            OF_POD.stream().filter(place -> !Place.WHOLE.contains(place)).toList();

    private ReceiptCodec() {}

    /** Writes the annotation's text; empty maps and lists are left out. */
    public static String write(Receipt receipt) {
        ObjectNode root = Json.object();
        receipt.entries().forEach((policy, entry) -> root.set(policy.toString(), write(entry)));
        return Json.text(root);
    }

    /** Reads the annotation's text; empty when the text as a whole is not a receipt. */
    static Optional<Receipt> read(String text) {
        try {
            if (!(Json.parse(text) instanceof ObjectNode root)) {
                return Optional.empty();
            }
            Map<PolicyKey, Entry> entries = new LinkedHashMap<>();
            root.properties().forEach(field -> entries.put(PolicyKey.parse(field.getKey()), entry(field.getValue())));
            return Optional.of(new Receipt(entries));
        } catch (InvalidJsonException | Unreadable e) {
            return Optional.empty();
        }
    }

    private static ObjectNode write(Entry entry) {
        ObjectNode node = Json.object();
        node.put("revision", entry.revision());
        node.put("engine", entry.engine());
        if (entry.toPods()) {
            node.put(INJECTION, TO_PODS);
        }
        put(node, entry.pod(), Place.WHOLE);
        if (!entry.apps().isEmpty()) {
            ObjectNode apps = node.putObject("apps");
            entry.apps().forEach((name, app) -> {
                ObjectNode parts = apps.putObject(name);
                put(parts, app, OF_APPS);
                putWas(parts, app.was());
            });
        }
        put(node, entry.pod(), SHARED);
        entry.gracePeriod().ifPresent(raised -> {
            ObjectNode object = node.putObject(GracePeriod.KEY).put("value", raised.value());
            if (raised.was() != null) {
                object.set("was", raised.was());
            }
        });
        putWas(node, entry.pod().was());
        return node;
    }

    private static void put(ObjectNode node, Added added, List<Place> places) {
        for (Place place : places) {
            List<AddedPart> parts = added.at(place);
            if (!parts.isEmpty()) {
                String key = keyOf(place);
                switch (place.form()) {
                    case CONTAINERS, OWNED, KEYED, TEXTS, FIELDS -> {
                        ObjectNode hashes = node.putObject(key);
                        parts.forEach(part -> hashes.put(part.key(), part.hash()));
                    }
                    case UNNAMED -> {
                        ArrayNode hashes = node.putArray(key);
                        parts.forEach(part -> hashes.add(part.hash()));
                    }
                    case NAMES -> {
                        ArrayNode names = node.putArray(key);
                        parts.forEach(part -> names.add(part.key()));
                    }
                    case HIGHEST -> throw new IllegalStateException("it is written by itself");
                }
            }
        }
    }

    /**
     * The key of a place in a receipt: the place's own key. Mounts are the exception, because stored receipts use
     * another key for them.
     */
    private static String keyOf(Place place) {
        return place == Place.MOUNTS ? "mounts" : place.key();
    }

    private static void putWas(ObjectNode node, Map<String, Was> was) {
        if (!was.isEmpty()) {
            ObjectNode object = node.putObject("was");
            was.forEach((key, value) -> object.put(key, value.name().toLowerCase(Locale.ROOT)));
        }
    }

    private static Entry entry(JsonNode node) {
        if (!(node instanceof ObjectNode object) || !object.path("engine").isInt()) {
            throw new Unreadable();
        }
        String revision = Json.textAt(object, "revision");
        Map<String, Added> apps = new LinkedHashMap<>();
        fields(object.get("apps"))
                .forEach((name, app) -> apps.put(name, new Added(parts(app, OF_APPS), was(app.get("was")))));
        return new Entry(
                revision == null ? "" : revision,
                object.path("engine").intValue(),
                TO_PODS.equals(Json.textAt(object, INJECTION)),
                new Added(parts(object, OF_POD), was(object.get("was"))),
                apps,
                raised(object.get(GracePeriod.KEY)));
    }

    private static Map<Place, List<AddedPart>> parts(JsonNode node, List<Place> places) {
        Map<Place, List<AddedPart>> parts = new EnumMap<>(Place.class);
        for (Place place : places) {
            List<AddedPart> found = parts(place, node.get(keyOf(place)));
            if (!found.isEmpty()) {
                parts.put(place, found);
            }
        }
        return parts;
    }

    private static List<AddedPart> parts(Place place, @Nullable JsonNode node) {
        return switch (place.form()) {
            case CONTAINERS, OWNED, KEYED, TEXTS, FIELDS ->
                texts(node).entrySet().stream()
                        .map(text -> new AddedPart(text.getKey(), text.getValue()))
                        .toList();
            case UNNAMED ->
                list(node).stream().map(hash -> new AddedPart("", hash)).toList();
            case NAMES ->
                list(node).stream().map(name -> new AddedPart(name, "")).toList();
            case HIGHEST -> throw new IllegalStateException("it is read by itself");
        };
    }

    private static Map<String, JsonNode> fields(@Nullable JsonNode node) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        } else if (node != null) {
            throw new Unreadable();
        }
        return fields;
    }

    private static Map<String, String> texts(@Nullable JsonNode node) {
        Map<String, String> texts = new LinkedHashMap<>();
        fields(node).forEach((key, value) -> texts.put(key, text(value)));
        return texts;
    }

    private static List<String> list(@Nullable JsonNode node) {
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new Unreadable();
        }
        List<String> texts = new ArrayList<>();
        node.forEach(item -> texts.add(text(item)));
        return texts;
    }

    private static Optional<Raised> raised(@Nullable JsonNode node) {
        if (node == null) {
            return Optional.empty();
        }
        JsonNode value = node.path("value");
        JsonNode was = node.get("was");
        boolean whole = value.isIntegralNumber() && value.canConvertToLong();
        if (!whole || !GracePeriod.raises(value.longValue()) || !GracePeriod.isDefault(was)) {
            throw new Unreadable();
        }
        return Optional.of(new Raised(value.longValue(), was));
    }

    private static Map<String, Was> was(@Nullable JsonNode node) {
        Map<String, Was> was = new LinkedHashMap<>();
        texts(node).forEach((key, value) -> {
            switch (value) {
                case "empty" -> was.put(key, Was.EMPTY);
                case "null" -> was.put(key, Was.NULL);
                default -> throw new Unreadable();
            }
        });
        return was;
    }

    private static String text(JsonNode node) {
        if (!node.isTextual()) {
            throw new Unreadable();
        }
        return node.textValue();
    }

    /** Ends the reading of a text that is not a receipt; never leaves this class. */
    private static final class Unreadable extends RuntimeException {
        Unreadable() {
            super(UNREADABLE, null, false, false);
        }
    }
}

package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Receipt.AppPart;
import io.sidecaroperator.engine.Receipt.Entry;
import io.sidecaroperator.engine.Receipt.Part;
import io.sidecaroperator.engine.Receipt.Raised;
import io.sidecaroperator.engine.Receipt.Was;
import io.sidecaroperator.tree.InvalidJsonException;
import io.sidecaroperator.tree.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Receipts as compact JSON: {@code {"shop/logs":{"revision":"…","engine":10,"containers":{…},…}}}. */
final class ReceiptCodec {
    private static final String INJECTION = "injection";
    private static final String TO_PODS = "Pod";
    private static final String UNREADABLE = "not a receipt";

    private ReceiptCodec() {}

    /** The annotation's text; empty maps and lists are left out. */
    static String write(Receipt receipt) {
        ObjectNode root = Json.object();
        receipt.entries().forEach((policy, entry) -> root.set(policy.toString(), write(entry)));
        return Json.text(root);
    }

    /** Reads the annotation's text; empty when it is no receipt as a whole. */
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
        for (Part part : Part.values()) {
            putTexts(node, part.key(), entry.names(part));
        }
        if (!entry.apps().isEmpty()) {
            ObjectNode apps = node.putObject("apps");
            entry.apps().forEach((name, app) -> apps.set(name, write(app)));
        }
        for (Edit.MetadataMap map : Edit.MetadataMap.values()) {
            putTexts(node, map.key(), entry.names(map));
        }
        putList(node, "imagePullSecrets", entry.pullSecrets());
        entry.gracePeriod().ifPresent(raised -> {
            ObjectNode object = node.putObject(GracePeriod.KEY).put("value", raised.value());
            if (raised.was() != null) {
                object.set("was", raised.was());
            }
        });
        putWas(node, entry.was());
        return node;
    }

    private static ObjectNode write(AppPart app) {
        ObjectNode node = Json.object();
        putTexts(node, "mounts", app.mounts());
        putTexts(node, "env", app.env());
        putList(node, "envFrom", app.envFrom());
        putTexts(node, "defaults", app.defaults());
        putWas(node, app.was());
        return node;
    }

    private static void putTexts(ObjectNode node, String key, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            ObjectNode object = node.putObject(key);
            texts.forEach(object::put);
        }
    }

    private static void putList(ObjectNode node, String key, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode array = node.putArray(key);
            texts.forEach(array::add);
        }
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
        Map<Part, Map<String, String>> parts = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            parts.put(part, texts(object.get(part.key())));
        }
        Map<Edit.MetadataMap, Map<String, String>> metadata = new EnumMap<>(Edit.MetadataMap.class);
        for (Edit.MetadataMap map : Edit.MetadataMap.values()) {
            metadata.put(map, texts(object.get(map.key())));
        }
        return new Entry(
                revision == null ? "" : revision,
                object.path("engine").intValue(),
                TO_PODS.equals(Json.textAt(object, INJECTION)),
                parts,
                apps(object.get("apps")),
                metadata,
                list(object.get("imagePullSecrets")),
                raised(object.get(GracePeriod.KEY)),
                was(object.get("was")));
    }

    private static Map<String, AppPart> apps(@Nullable JsonNode node) {
        Map<String, AppPart> apps = new LinkedHashMap<>();
        fields(node)
                .forEach((name, app) -> apps.put(
                        name,
                        new AppPart(
                                texts(app.get("mounts")),
                                texts(app.get("env")),
                                list(app.get("envFrom")),
                                texts(app.get("defaults")),
                                was(app.get("was")))));
        return apps;
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

    /** Ends the reading of something that is no receipt; never leaves this class. */
    private static final class Unreadable extends RuntimeException {
        Unreadable() {
            super(UNREADABLE, null, false, false);
        }
    }
}

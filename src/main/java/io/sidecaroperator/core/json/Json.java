package io.sidecaroperator.core.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The only JSON mapper of the project, lossless for numbers and key order, and small helpers on its trees. */
public final class Json {
    /**
     * Keeps {@code 1.0} apart from {@code 1}, and any number of digits, so that unchanged parts keep their exact text.
     */
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Parses one JSON value. Throws {@link InvalidJsonException} for a syntax error, a repeated key or text after the
     * value.
     */
    public static JsonNode parse(String text) {
        return parse(() -> MAPPER.createParser(text));
    }

    /** The same for a text in UTF-8. */
    public static JsonNode parse(byte[] text) {
        return parse(() -> MAPPER.createParser(text));
    }

    /** Opens a text. */
    private interface Opener {
        JsonParser open() throws java.io.IOException;
    }

    private static JsonNode parse(Opener opener) {
        try (JsonParser parser = opener.open()) {
            JsonNode node = MAPPER.readTree(parser);
            return node == null ? MAPPER.missingNode() : node;
        } catch (JsonProcessingException e) {
            throw new InvalidJsonException(e.getOriginalMessage(), e);
        } catch (java.io.IOException e) {
            throw new InvalidJsonException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The compact text of a tree, keys in the tree's own order. */
    public static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values always has a text", e);
        }
    }

    /** The same in UTF-8. */
    public static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values always has a text", e);
        }
    }

    /** A new empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A new empty list. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** The object under a key, or null when the key is absent, null or something else. */
    public static @Nullable ObjectNode objectAt(@Nullable JsonNode parent, String key) {
        return parent != null && parent.get(key) instanceof ObjectNode object ? object : null;
    }

    /** The list under a key, or null when the key is absent, null or something else. */
    public static @Nullable ArrayNode arrayAt(@Nullable JsonNode parent, String key) {
        return parent != null && parent.get(key) instanceof ArrayNode array ? array : null;
    }

    /** The string under a key, or null when the key is absent or not a string. */
    public static @Nullable String textAt(@Nullable JsonNode parent, String key) {
        return parent != null && parent.get(key) instanceof TextNode text ? text.textValue() : null;
    }

    /** Whether the value is missing or JSON null, which mean the same to the API server. */
    public static boolean isAbsent(@Nullable JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode();
    }

    /** The object elements of the list under a key, in order. Other elements are left out. */
    public static Stream<ObjectNode> objects(@Nullable JsonNode parent, String key) {
        ArrayNode array = arrayAt(parent, key);
        return array == null ? Stream.empty() : stream(array.elements()).flatMap(Json::asObject);
    }

    /** The element of the list under {@code key} whose {@code name} is {@code name}. */
    public static Optional<ObjectNode> named(@Nullable JsonNode parent, String key, String name) {
        return objects(parent, key)
                .filter(item -> name.equals(textAt(item, "name")))
                .findFirst();
    }

    /** The name of an element of a list; empty when it has no name. */
    public static String nameOf(JsonNode element) {
        String name = textAt(element, "name");
        return name == null ? "" : name;
    }

    /** The string-to-string map under a key, in order. Entries with other values are left out. */
    public static Map<String, String> strings(@Nullable JsonNode parent, String key) {
        ObjectNode object = objectAt(parent, key);
        if (object == null) {
            return Map.of();
        }
        Map<String, String> map = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                map.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return map;
    }

    private static Stream<ObjectNode> asObject(JsonNode node) {
        return node instanceof ObjectNode object ? Stream.of(object) : Stream.empty();
    }

    private static <T> Stream<T> stream(Iterator<T> iterator) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED), false);
    }
}

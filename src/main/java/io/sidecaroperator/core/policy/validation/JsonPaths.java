package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Parts of a policy of any shape, for the rules. A missing part, or one of another type, is an empty stream. */
final class JsonPaths {
    private JsonPaths() {}

    /** The elements of the list under a key. */
    static Stream<JsonNode> items(JsonNode parent, String key) {
        return items(parent.path(key));
    }

    /** The elements, when it is a list. */
    static Stream<JsonNode> items(JsonNode list) {
        return list.isArray() ? StreamSupport.stream(list.spliterator(), false) : Stream.empty();
    }

    /** The keys, when it is an object. */
    static Stream<String> keys(JsonNode object) {
        return object.isObject() ? object.properties().stream().map(Map.Entry::getKey) : Stream.empty();
    }

    /** The string under a key, if any. */
    static Optional<String> text(JsonNode parent, String key) {
        return Optional.ofNullable(Json.textAt(parent, key));
    }

    /** The strings under one key of all these objects. */
    static List<String> texts(Stream<JsonNode> parents, String key) {
        return parents.map(item -> Json.textAt(item, key))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether all strings are different. */
    static boolean distinct(List<String> texts) {
        return texts.stream().distinct().count() == texts.size();
    }

    /** Turns a test of strings into a test of nodes that is true for everything else. */
    static Predicate<JsonNode> ifText(Predicate<String> test) {
        return node -> !node.isTextual() || test.test(node.textValue());
    }
}

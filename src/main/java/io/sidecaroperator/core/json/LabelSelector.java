package io.sidecaroperator.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@code meta/v1} LabelSelector, parsed once and matched often. An empty one selects everything. */
public record LabelSelector(Map<String, String> matchLabels, List<Requirement> matchExpressions) {

    public LabelSelector {
        matchLabels = Map.copyOf(matchLabels);
        matchExpressions = List.copyOf(matchExpressions);
    }

    /** One of {@code matchExpressions}; the operator is one of In, NotIn, Exists, DoesNotExist. */
    public record Requirement(String key, String operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        /** Whether an object with these labels meets it. */
        public boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                default -> false;
            };
        }
    }

    /**
     * Reads the JSON form. Parts of another shape than a LabelSelector's are left out: validation has reported them
     * before.
     */
    public static LabelSelector of(@Nullable JsonNode node) {
        List<Requirement> requirements = Json.objects(node, "matchExpressions")
                .map(item -> new Requirement(
                        Optional.ofNullable(Json.textAt(item, "key")).orElse(""),
                        Optional.ofNullable(Json.textAt(item, "operator")).orElse(""),
                        texts(item.get("values"))))
                .toList();
        return new LabelSelector(Json.strings(node, "matchLabels"), requirements);
    }

    /** Whether an object with these labels is selected. */
    public boolean matches(Map<String, String> labels) {
        for (Map.Entry<String, String> wanted : matchLabels.entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (Requirement requirement : matchExpressions) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    private static List<String> texts(@Nullable JsonNode list) {
        if (list == null || !list.isArray()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}

package io.sidecaroperator.core.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/**
 * The normalized form, in which a part that we rendered is compared with the part that the API server stored: without
 * what the server adds by default (core/v1 {@code SetDefaults_*}), drops because it is empty, or rewrites ({@code 0.5}
 * to {@code 500m}).
 */
public final class Normalizer {
    private static final int HASH_DIGITS = 8;
    private static final Set<String> PROBES = Set.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final Map<String, Integer> PROBE_DEFAULTS =
            Map.of("timeoutSeconds", 1, "periodSeconds", 10, "successThreshold", 1, "failureThreshold", 3);
    private static final Map<String, Map<String, String>> TEXT_DEFAULTS = Map.of(
            "httpGet", Map.of("scheme", "HTTP", "path", "/"),
            "fieldRef", Map.of("apiVersion", "v1"));
    private static final Set<String> QUANTITY_MAPS = Set.of("requests", "limits");
    private static final Set<String> QUANTITIES = Set.of("divisor", "sizeLimit");

    private Normalizer() {}

    /** The short hash of a value under a key, equal before and after the server stored it. */
    public static String hash(String key, JsonNode value) {
        return Canonical.hash(of(key, value), HASH_DIGITS);
    }

    /** Whether the live value has every field that was rendered, with an equal value. Other live fields are ignored. */
    public static boolean covers(String key, JsonNode live, JsonNode rendered) {
        return coversForm(of(key, live), of(key, rendered));
    }

    /** Whether the wanted object has every field of the live one that is not blank. */
    public static boolean hasNoOtherField(ObjectNode live, ObjectNode wanted) {
        return live.properties().stream()
                .allMatch(field -> wanted.has(field.getKey())
                        || field.getValue().isNull()
                        || isBlank(of(field.getKey(), field.getValue())));
    }

    /** The normalized form of a value under {@code key}. */
    static JsonNode of(String key, JsonNode value) {
        return of("", key, value, false);
    }

    private static boolean coversForm(JsonNode live, JsonNode rendered) {
        if (rendered instanceof ObjectNode wanted) {
            return live.isObject()
                    && wanted.properties().stream()
                            .allMatch(field -> live.has(field.getKey())
                                    && coversForm(live.path(field.getKey()), field.getValue()));
        }
        if (rendered instanceof ArrayNode) {
            if (!live.isArray() || live.size() != rendered.size()) {
                return false;
            }
            for (int i = 0; i < live.size(); i++) {
                if (!coversForm(live.path(i), rendered.path(i))) {
                    return false;
                }
            }
            return true;
        }
        return live.equals(rendered);
    }

    private static JsonNode of(String parent, String key, JsonNode value, boolean exact) {
        if (value instanceof ObjectNode object) {
            return object(key, object, exact || key.equals("securityContext"));
        }
        if (value instanceof ArrayNode array) {
            ArrayNode copy = Json.array();
            array.forEach(item -> copy.add(of(parent, key, item, exact)));
            return copy;
        }
        if (QUANTITIES.contains(key) || QUANTITY_MAPS.contains(parent)) {
            return Quantity.value(value)
                    .<JsonNode>map(number -> new TextNode(plain(number)))
                    .orElse(value);
        }
        return Canonical.of(value);
    }

    private static ObjectNode object(String key, ObjectNode object, boolean exact) {
        ObjectNode form = Json.object();
        object.properties().forEach(field -> {
            JsonNode value = of(key, field.getKey(), field.getValue(), exact);
            boolean dropped = value.isNull() || !exact && isBlank(value) || isDefault(key, field.getKey(), value);
            if (!dropped) {
                form.set(field.getKey(), value);
            }
        });
        return key.equals("resources") ? withoutImpliedRequests(form) : form;
    }

    /**
     * Drops requests that equal their limits: a Pod's missing request is its limit, and the server writes it into the
     * Pod.
     */
    private static ObjectNode withoutImpliedRequests(ObjectNode resources) {
        ObjectNode requests = Json.objectAt(resources, "requests");
        if (requests != null) {
            JsonNode limits = resources.path("limits");
            requests.properties().removeIf(field -> field.getValue().equals(limits.get(field.getKey())));
            if (requests.isEmpty()) {
                resources.remove("requests");
            }
        }
        return resources;
    }

    private static boolean isBlank(JsonNode value) {
        return value.isContainerNode() && value.isEmpty()
                || value.isTextual() && value.textValue().isEmpty()
                || value.isBoolean() && !value.booleanValue();
    }

    private static boolean isDefault(String parent, String key, JsonNode value) {
        if (PROBES.contains(parent) && PROBE_DEFAULTS.containsKey(key)) {
            return value.isNumber() && value.asInt() == PROBE_DEFAULTS.getOrDefault(key, 0);
        }
        if (key.equals("divisor")) {
            return value.asText().equals("0");
        }
        return value.isTextual()
                && value.textValue()
                        .equals(TEXT_DEFAULTS.getOrDefault(parent, Map.of()).get(key));
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
    }
}

package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.sidecaroperator.core.json.SourceScalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What a schema says about one value: its type, and the limits of strings and numbers. */
final class Scalars {
    private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    private Scalars() {}

    /** The mistake, without its path. */
    record ScalarProblem(String code, String message) {}

    /** Why the value does not have the schema's type; null when it has. */
    static @Nullable ScalarProblem type(JsonNode node, JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return node.isTextual() || isInteger(node) ? null : wrongType("integer,string", node);
        }
        String type = schema.path("type").asText("");
        boolean right = switch (type) {
            case "object" -> node.isObject();
            case "array" -> node.isArray();
            case "string" -> node.isTextual();
            case "boolean" -> node.isBoolean();
            case "integer" -> isInteger(node);
            case "number" -> node.isNumber();
            default -> true;
        };
        return right ? null : wrongType(type, node);
    }

    private static ScalarProblem wrongType(String expected, JsonNode node) {
        boolean quotesHelp = expected.endsWith("string") && (node.isNumber() || node.isBoolean());
        String found = node.getNodeType() == JsonNodeType.POJO
                ? "something else"
                : node.getNodeType().name().toLowerCase(Locale.ROOT);
        return new ScalarProblem(
                "Type",
                "must be of type " + expected + ", but is " + found
                        + (quotesHelp ? "; put it in quotes: \"" + SourceScalar.textOf(node) + "\"" : ""));
    }

    /** The limits of its schema that a string violates. */
    static List<ScalarProblem> text(String text, JsonNode schema) {
        List<ScalarProblem> problems = new ArrayList<>();
        int maxLength = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        if (text.codePointCount(0, text.length()) > maxLength) {
            problems.add(new ScalarProblem("TooLong", "Too long: may not be more than " + maxLength + " bytes"));
        } else {
            TextPattern.of(schema.path("pattern").asText(""))
                    .filter(pattern -> !pattern.fits(text))
                    .ifPresent(pattern -> problems.add(new ScalarProblem(
                            "Pattern", "should match '" + pattern.regex() + "': " + pattern.words())));
        }
        if (schema.has("enum") && !texts(schema.get("enum")).contains(text)) {
            problems.add(new ScalarProblem(
                    "Enum",
                    "Unsupported value: \"" + text + "\": supported values: "
                            + texts(schema.get("enum")).stream()
                                    .map(value -> "\"" + value + "\"")
                                    .collect(Collectors.joining(", "))));
        }
        return problems;
    }

    /** The limits of its schema that a number violates. */
    static List<ScalarProblem> number(JsonNode node, JsonNode schema) {
        List<ScalarProblem> problems = new ArrayList<>();
        Optional<BigDecimal> value = decimal(node);
        if (schema.has("minimum")
                && value.filter(number -> number.compareTo(schema.get("minimum").decimalValue()) < 0)
                        .isPresent()) {
            problems.add(new ScalarProblem(
                    "Range",
                    "should be greater than or equal to "
                            + schema.get("minimum").asText()));
        }
        if (schema.has("maximum")
                && value.filter(number -> number.compareTo(schema.get("maximum").decimalValue()) > 0)
                        .isPresent()) {
            problems.add(new ScalarProblem(
                    "Range",
                    "should be less than or equal to " + schema.get("maximum").asText()));
        }
        return problems;
    }

    /** The value of a number; empty for a value that only YAML calls a number. */
    static Optional<BigDecimal> decimal(JsonNode node) {
        boolean finite = !(node.isDouble() || node.isFloat()) || Double.isFinite(node.doubleValue());
        return node.isNumber() && finite ? Optional.of(node.decimalValue()) : Optional.empty();
    }

    /** Whether it is a whole number that the API server can hold, {@code 1.0} included. */
    private static boolean isInteger(JsonNode node) {
        return decimal(node)
                .filter(value -> value.compareTo(MIN_LONG) >= 0 && value.compareTo(MAX_LONG) <= 0)
                .filter(value ->
                        value.signum() == 0 || value.stripTrailingZeros().scale() <= 0)
                .isPresent();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}

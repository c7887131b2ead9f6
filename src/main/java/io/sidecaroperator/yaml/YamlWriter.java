package io.sidecaroperator.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/**
 * Writes trees as block YAML in the form of kubectl's own output, with keys in the tree's order. Every scalar has the
 * same meaning in YAML 1.1 and YAML 1.2.
 */
public final class YamlWriter {
    private static final int STEP = 2;
    /** YAML readers search at most 1,024 characters for the colon after a simple key. */
    private static final int LONGEST_SIMPLE_KEY = 1_000;

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    /** Returns the text of one document, without a document marker. It ends with a line break. */
    public static String write(JsonNode document) {
        YamlWriter writer = new YamlWriter();
        writer.document(document);
        return writer.out.toString();
    }

    private void document(JsonNode document) {
        if (document instanceof ObjectNode object && !object.isEmpty()) {
            object(object, 0);
        } else if (document instanceof ArrayNode array && !array.isEmpty()) {
            array(array, 0);
        } else {
            out.append(document.isTextual() ? quoted(document.textValue()) : inline(document))
                    .append('\n');
        }
    }

    /** Writes entries, starting at the position of the first key; {@code indent} is its column. */
    private void object(ObjectNode object, int indent) {
        boolean first = true;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            indent(first ? 0 : indent);
            first = false;
            key(entry.getKey(), indent);
            JsonNode value = entry.getValue();
            if (value instanceof ObjectNode child && !child.isEmpty()) {
                out.append('\n');
                indent(indent + STEP);
                object(child, indent + STEP);
            } else if (value instanceof ArrayNode child && !child.isEmpty()) {
                // As kubectl does: the dashes are below the key, not to the right of it.
                out.append('\n');
                indent(indent);
                array(child, indent);
            } else {
                out.append(' ');
                scalar(value, indent + STEP);
            }
        }
    }

    private void key(String key, int indent) {
        String text = PlainText.isSafe(key) ? key : quoted(key);
        if (text.length() > LONGEST_SIMPLE_KEY) {
            out.append("? ").append(text).append('\n');
            indent(indent);
        } else {
            out.append(text);
        }
        out.append(':');
    }

    private void array(ArrayNode array, int indent) {
        Iterator<JsonNode> items = array.elements();
        boolean first = true;
        while (items.hasNext()) {
            indent(first ? 0 : indent);
            first = false;
            out.append("- ");
            JsonNode item = items.next();
            if (item instanceof ObjectNode child && !child.isEmpty()) {
                object(child, indent + STEP);
            } else if (item instanceof ArrayNode child && !child.isEmpty()) {
                array(child, indent + STEP);
            } else {
                scalar(item, indent + STEP);
            }
        }
    }

    private void scalar(JsonNode value, int indent) {
        if (!value.isTextual()) {
            out.append(inline(value)).append('\n');
        } else if (isBlock(value.textValue())) {
            block(value.textValue(), indent);
        } else {
            String text = value.textValue();
            out.append(PlainText.isSafe(text) ? text : quoted(text)).append('\n');
        }
    }

    private static String inline(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "{}";
            case ARRAY -> "[]";
            case NUMBER -> value.isIntegralNumber() ? value.asText() : decimal(new BigDecimal(value.asText()));
            case BOOLEAN -> value.asText();
            default -> "null";
        };
    }

    /** YAML 1.1 accepts an exponent only with a sign, and only after a point. */
    private static String decimal(BigDecimal value) {
        String text = value.toString();
        int mark = text.indexOf('E');
        return mark < 0 || text.indexOf('.') >= 0 ? text : text.substring(0, mark) + ".0" + text.substring(mark);
    }

    private static boolean isBlock(String text) {
        int end = text.indexOf('\n');
        return end >= 0
                && text.codePoints().anyMatch(character -> character > ' ')
                && text.codePoints()
                        .allMatch(
                                character -> character == '\n' || character == '\t' || PlainText.isVisible(character));
    }

    /**
     * Writes a literal block: every line as it is. The header says how the text begins and ends where that is not the
     * default.
     */
    private void block(String text, int indent) {
        char first = text.charAt(0);
        out.append('|');
        if (first == ' ' || first == '\t' || first == '\n') {
            out.append(STEP);
        }
        boolean ended = text.endsWith("\n");
        if (!ended) {
            out.append('-');
        } else if (text.endsWith("\n\n")) {
            out.append('+');
        }
        out.append('\n');
        String lines = ended ? text.substring(0, text.length() - 1) : text;
        for (String line : lines.split("\n", -1)) {
            indent(line.isEmpty() ? 0 : indent);
            out.append(line).append('\n');
        }
    }

    /**
     * Returns double quotes with the escapes that JSON and YAML share, or single quotes where they avoid all escapes,
     * as in JSON.
     */
    private static String quoted(String text) {
        boolean escapes = text.indexOf('"') >= 0 || text.indexOf('\\') >= 0;
        if (escapes && text.codePoints().allMatch(PlainText::isVisible)) {
            return "'" + text.replace("'", "''") + "'";
        }
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(character -> {
            switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> escaped(quoted, character);
            }
        });
        return quoted.append('"').toString();
    }

    private static void escaped(StringBuilder quoted, int character) {
        if (PlainText.isVisible(character)) {
            quoted.appendCodePoint(character);
        } else if (Character.getType(character) == Character.SURROGATE) {
            // Half a character: Kubernetes also reads it as the replacement character.
            quoted.append("\\uFFFD");
        } else if (character > 0xffff) {
            quoted.append(String.format(Locale.ROOT, "\\U%08X", character));
        } else {
            quoted.append(String.format(Locale.ROOT, "\\u%04X", character));
        }
    }

    private void indent(int columns) {
        out.append(" ".repeat(columns));
    }
}

package io.sidecaroperator.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;

/** Writes trees as indented JSON, in the form of kubectl's own output. */
public final class JsonWriter {
    /** The indentation of kubectl. */
    public static final String INDENT = "    ";

    private JsonWriter() {}

    /**
     * Returns the text of a tree, without a line feed at its end; {@code margin} precedes every line except the first.
     */
    public static String write(JsonNode tree, String indent, String margin) {
        DefaultIndenter indenter = new DefaultIndenter(indent, "\n" + margin);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
        printer.indentArraysWith(indenter);
        printer.indentObjectsWith(indenter);
        try {
            return Json.MAPPER.writer(printer).writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values always has a text", e);
        }
    }
}

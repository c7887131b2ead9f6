package io.sidecaroperator.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sidecaroperator.core.json.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts read at once, and random trees with everything that is difficult for YAML readers. */
final class Documents {
    private static final List<String> WORDS = List.of(
            "yes",
            "no",
            "on",
            "y",
            "~",
            "null",
            "0123",
            "1e3",
            "1_000",
            "2001-01-01",
            "1:30",
            ".5",
            "-c",
            "--flag",
            "---",
            "...",
            "-",
            "?",
            ":",
            "#",
            "a:b",
            "a: b",
            "foo#",
            "x #y",
            "<<",
            "=",
            "|",
            ">",
            "!",
            "&",
            "*",
            "@",
            "`",
            "%",
            "{",
            "[",
            "]",
            "}",
            ",",
            "true",
            ".inf",
            "0x1F",
            "foo:",
            "é",
            "😀",
            "\u00a0",
            "\u2028",
            "\ufeff",
            "\u0085",
            "\t",
            "\r",
            "\u0007",
            "\u007f",
            "'",
            "\"",
            "\\",
            "\n",
            "\n\n",
            " ",
            "  ",
            "abc",
            "100m",
            "128Mi",
            "nginx:1.25");

    private final Random random;

    Documents(long seed) {
        random = new Random(seed);
    }

    static List<Document> read(String text) {
        List<Document> documents = new ArrayList<>();
        new DocumentReader("test.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .forEachRemaining(documents::add);
        return documents;
    }

    static JsonNode one(String text) {
        List<Document> documents = read(text);
        if (documents.size() != 1) {
            throw new AssertionError(documents);
        }
        return documents.get(0).content();
    }

    /** Returns a text of words, blanks and line breaks. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (int words = random.nextInt(5); words >= 0; words--) {
            text.append(WORDS.get(random.nextInt(WORDS.size())));
            if (random.nextInt(4) == 0) {
                text.append(random.nextBoolean() ? "\n" : " ");
            }
        }
        return text.toString();
    }

    /** Returns an object that has only texts, like labels, annotations and ConfigMaps. */
    ObjectNode strings(int entries) {
        ObjectNode object = Json.object();
        for (int i = 0; i < entries; i++) {
            object.put("k" + i, text());
        }
        return object;
    }

    /** Returns any value, with objects and lists nested up to a few levels. */
    JsonNode value(int depth) {
        return switch (random.nextInt(depth > 4 ? 6 : 10)) {
            case 0, 1, 2, 3 -> TextNode.valueOf(text());
            case 4 -> number();
            case 5 -> Json.parse(List.of("true", "false", "null", "{}", "[]").get(random.nextInt(5)));
            case 6, 7 -> array(depth);
            default -> object(depth);
        };
    }

    private JsonNode number() {
        return Json.parse(List.of("0", "-7", "1.10", "123456789012", "18446744073709551615", "1.5E-9", "0.5", "1E+3")
                .get(random.nextInt(8)));
    }

    private ArrayNode array(int depth) {
        ArrayNode array = Json.array();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(value(depth + 1));
        }
        return array;
    }

    /** Returns an object with random keys and values. */
    ObjectNode object(int depth) {
        ObjectNode object = Json.object();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set(random.nextInt(30) == 0 ? text().repeat(300) + "k" : text(), value(depth + 1));
        }
        return object;
    }
}

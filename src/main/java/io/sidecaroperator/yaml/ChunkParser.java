package io.sidecaroperator.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.ChunkReader.Chunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Parses chunks of one file. A text that begins with a brace is JSON if it can be; any other text is YAML. */
final class ChunkParser {
    /** The parser copies its buffer whenever it is full, so a small one makes long texts slow. */
    private static final int LARGEST_BUFFER = 1 << 20;

    /** Reads one value of several. */
    private static final ObjectReader MANY =
            Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String file;
    private int number;

    /** {@code file} is the name of the file in messages. */
    ChunkParser(String file) {
        this.file = file;
    }

    /**
     * A document of a chunk.
     *
     * @param json the position of its text if it was read as JSON, otherwise null
     */
    record Parsed(Document document, @Nullable Span json) {}

    /** A part of a chunk's text. */
    record Span(int fromLine, int fromColumn, int toLine, int toColumn) {}

    private record Value(
            int line, JsonNode content, @Nullable Span json) {}

    /** Returns the documents of the next chunk, without empty ones. */
    List<Parsed> documents(Chunk chunk) {
        List<Parsed> documents = new ArrayList<>();
        for (Value value : values(chunk)) {
            if (!Json.isAbsent(value.content())) {
                documents.add(new Parsed(new Document(file, ++number, value.line(), value.content()), value.json()));
            }
        }
        return documents;
    }

    /** Counts the next chunk, whose single document is skipped. */
    void skip() {
        number++;
    }

    int number() {
        return number;
    }

    private List<Value> values(Chunk chunk) {
        String start = chunk.text().stripLeading();
        if (!start.startsWith("{")) {
            return yaml(chunk, "");
        }
        try {
            return json(chunk);
        } catch (IOException e) {
            // Either invalid JSON or YAML in flow style: only JSON begins with a quoted name.
            boolean looksLikeJson = start.substring(1).stripLeading().startsWith("\"");
            return yaml(chunk, looksLikeJson ? problem(chunk, e) : "");
        }
    }

    private static List<Value> json(Chunk chunk) throws IOException {
        List<Value> values = new ArrayList<>();
        try (JsonParser parser = Json.MAPPER.createParser(chunk.text())) {
            while (parser.nextToken() != null) {
                JsonLocation from = parser.currentTokenLocation();
                JsonNode content = MANY.readTree(parser);
                JsonLocation to = parser.currentLocation();
                Span span = new Span(
                        from.getLineNr() - 1, from.getColumnNr() - 1, to.getLineNr() - 1, to.getColumnNr() - 1);
                values.add(new Value(chunk.line() + span.fromLine(), content, span));
            }
        }
        return values;
    }

    private String problem(Chunk chunk, IOException e) {
        if (e instanceof JsonProcessingException json && json.getLocation() != null) {
            // Removes the source from Jackson's text about an open bracket, because Jackson does not know the file.
            String message =
                    json.getOriginalMessage().replaceAll("\\[Source: [^;]*; (line: \\d+, column: \\d+)]", "$1");
            return at(chunk, json.getLocation().getLineNr() - 1) + message;
        }
        return at(chunk, 0) + e.getMessage();
    }

    /** Returns the values of a chunk of YAML. {@code instead} replaces the parser's error, if it is not empty. */
    private List<Value> yaml(Chunk chunk, String instead) {
        List<Value> values = new ArrayList<>();
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setBufferSize(Math.min(chunk.text().length() + 1, LARGEST_BUFFER))
                .build();
        try {
            Iterator<Event> events = new Parse(settings)
                    .parseReader(new WholeCharacters(chunk.text()))
                    .iterator();
            while (events.hasNext()) {
                if (events.next().getEventId() == Event.ID.DocumentStart) {
                    Event first = events.next();
                    JsonNode content = new TreeBuilder(events).value(first);
                    values.add(new Value(chunk.line() + TreeBuilder.lineOf(first), content, null));
                }
            }
            return values;
        } catch (TreeBuilder.BadValueException e) {
            throw invalid(at(chunk, e.line()) + e.getMessage(), instead);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0);
            String context = e.getContext() == null ? "" : e.getContext() + ", ";
            throw invalid(at(chunk, line) + context + e.getProblem(), instead);
        } catch (YamlEngineException e) {
            throw invalid(at(chunk, 0) + String.valueOf(e.getMessage()).replace('\n', ' '), instead);
        }
    }

    private static InvalidYamlException invalid(String message, String instead) {
        return new InvalidYamlException(instead.isEmpty() ? message : instead);
    }

    private String at(Chunk chunk, int line) {
        return file + ", document " + (number + 1) + ", line " + (chunk.line() + line) + ": ";
    }
}

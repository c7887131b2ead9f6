package io.sidecaroperator.yaml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.yaml.ChunkReader.Chunk;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the documents of a file or a pipe one by one, YAML or JSON, as kubectl would: empty documents are left out, and
 * a text that begins with a brace is JSON if it can be. Every problem is an {@link InvalidYamlException}.
 */
public final class DocumentReader implements Iterator<Document>, Closeable {
    /** The parser copies its buffer whenever that is full, so a small one makes long texts slow. */
    private static final int LARGEST_BUFFER = 1 << 20;

    /** Reads one value of several. */
    private static final ObjectReader MANY =
            Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String file;
    private final BufferedReader lines;
    private final ChunkReader chunks;
    private final Deque<Document> ready = new ArrayDeque<>();
    private int number;

    /** Reads UTF-8 from a stream; {@code file} is what messages call it. */
    public DocumentReader(String file, InputStream stream) {
        this.file = file;
        // A decoder that was not told otherwise reports malformed input: nothing is replaced silently.
        this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder()));
        this.chunks = new ChunkReader(file, lines);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            Chunk chunk = chunks.next();
            if (chunk == null) {
                return false;
            }
            read(chunk);
        }
        return true;
    }

    @Override
    public Document next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private record Value(int line, JsonNode content) {}

    private void read(Chunk chunk) {
        String start = chunk.text().stripLeading();
        List<Value> values;
        if (start.startsWith("{")) {
            try {
                values = json(chunk);
            } catch (IOException e) {
                // Either JSON with a mistake or YAML in flow style: only the first begins with a quoted name.
                boolean meantAsJson = start.substring(1).stripLeading().startsWith("\"");
                values = yaml(chunk, meantAsJson ? problem(chunk, e) : "");
            }
        } else {
            values = yaml(chunk, "");
        }
        for (Value value : values) {
            if (!Json.isAbsent(value.content())) {
                ready.add(new Document(file, ++number, value.line(), value.content()));
            }
        }
    }

    private static List<Value> json(Chunk chunk) throws IOException {
        List<Value> values = new ArrayList<>();
        try (JsonParser parser = Json.MAPPER.createParser(chunk.text())) {
            while (parser.nextToken() != null) {
                int line = parser.currentTokenLocation().getLineNr();
                values.add(new Value(chunk.line() + line - 1, MANY.readTree(parser)));
            }
        }
        return values;
    }

    private String problem(Chunk chunk, IOException e) {
        if (e instanceof JsonProcessingException json && json.getLocation() != null) {
            return at(chunk, json.getLocation().getLineNr() - 1) + json.getOriginalMessage();
        }
        return at(chunk, 0) + e.getMessage();
    }

    /** The values of a chunk of YAML; {@code instead} is the error to report in place of the parser's, if not empty. */
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
                    values.add(
                            new Value(chunk.line() + TreeBuilder.lineOf(first), new TreeBuilder(events).value(first)));
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

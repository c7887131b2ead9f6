package io.sidecaroperator.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.ChunkParser.Parsed;
import io.sidecaroperator.yaml.ChunkParser.Span;
import io.sidecaroperator.yaml.ChunkReader.Chunk;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces documents of a file. All other documents, and the text between documents, stay the same to the byte. A
 * document in JSON stays JSON. The comments above and below a replaced document stay.
 */
public final class DocumentRewriter {
    private final String name;
    private final Path file;
    private final Target target;

    /** Opens the destination of the new text, only when there is something to change. */
    public interface Target {
        Writer open() throws IOException;
    }

    /** {@code name} is the name of the file in messages. */
    public DocumentRewriter(String name, Path file, Target target) {
        this.name = name;
        this.file = file;
        this.target = target;
    }

    /**
     * Writes the text with every document as the function wants it, if there is any difference.
     *
     * @return whether there is a difference
     */
    public boolean rewrite(Function<Document, JsonNode> change) throws IOException {
        try (ChunkReader chunks = new ChunkReader(name, Files.newInputStream(file));
                Copy copy = new Copy()) {
            ChunkParser parser = new ChunkParser(name);
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                List<NewText> replacements = new ArrayList<>();
                List<Parsed> documents = parser.documents(chunk);
                for (Parsed parsed : documents) {
                    JsonNode wanted = change.apply(parsed.document());
                    if (!wanted.equals(parsed.document().content())) {
                        replacements.add(new NewText(parsed.document().line() - chunk.line(), parsed.json(), wanted));
                    }
                }
                if (!replacements.isEmpty()) {
                    copy.until(chunk.start());
                    copy.write(new ChunkText(copy.skip(chunk.end())).with(replacements));
                }
            }
            return copy.rest();
        }
    }

    /** A new document for the one that begins at a line of a chunk, counted from 0. */
    private record NewText(int line, @Nullable Span json, JsonNode wanted) {}

    /** The old text, as far as it was copied. */
    private final class Copy implements AutoCloseable {
        private final Reader original = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        private @Nullable Writer out;
        private long position;

        Copy() throws IOException {}

        void until(long end) throws IOException {
            char[] buffer = new char[8192];
            while (position < end) {
                int count = original.read(buffer, 0, (int) Math.min(buffer.length, end - position));
                if (count < 0) {
                    throw new EOFException("it was changed meanwhile");
                }
                out().write(buffer, 0, count);
                position += count;
            }
        }

        String skip(long end) throws IOException {
            char[] text = new char[Math.toIntExact(end - position)];
            for (int read = 0; read < text.length; ) {
                int count = original.read(text, read, text.length - read);
                if (count < 0) {
                    throw new EOFException("it was changed meanwhile");
                }
                read += count;
            }
            position = end;
            return new String(text);
        }

        void write(String text) throws IOException {
            out().write(text);
        }

        boolean rest() throws IOException {
            if (out == null) {
                return false;
            }
            original.transferTo(out);
            return true;
        }

        private Writer out() throws IOException {
            if (out == null) {
                out = target.open();
            }
            return out;
        }

        @Override
        public void close() throws IOException {
            try (original) {
                if (out != null) {
                    out.close();
                }
            }
        }
    }

    /** The text of a chunk as it is in the file. */
    private static final class ChunkText {
        private final List<String> lines = new ArrayList<>();
        private final String lineEnd;

        ChunkText(String text) {
            lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
            int start = 0;
            for (int i = 0; i < text.length(); i++) {
                boolean two = text.startsWith("\r\n", i);
                if (two || text.charAt(i) == '\n' || text.charAt(i) == '\r') {
                    i += two ? 1 : 0;
                    lines.add(text.substring(start, i + 1));
                    start = i + 1;
                }
            }
            if (start < text.length()) {
                lines.add(text.substring(start));
            }
        }

        String with(List<NewText> replacements) {
            NewText first = replacements.get(0);
            return first.json() == null ? yaml(first) : json(replacements);
        }

        private String yaml(NewText replacement) {
            StringBuilder text = new StringBuilder();
            lines.subList(0, replacement.line()).forEach(text::append);
            if (ChunkReader.isMarker(lines.get(replacement.line()))) {
                text.append("---").append(lineEnd);
            }
            String written = YamlWriter.write(replacement.wanted());
            text.append(written.replace("\n", lineEnd));
            int end = lines.size();
            while (end - 1 > replacement.line() && isAside(lines.get(end - 1))) {
                end--;
            }
            // After a block that keeps its line feeds, an empty line would add one more to them.
            while (written.endsWith("\n\n")
                    && end < lines.size()
                    && lines.get(end).isBlank()) {
                end++;
            }
            lines.subList(end, lines.size()).forEach(text::append);
            return text.toString();
        }

        /**
         * Whether a line below a document does not belong to it: a blank line, a comment at the margin, or its end
         * marker.
         */
        private static boolean isAside(String line) {
            return line.isBlank() || line.startsWith("#") || ChunkReader.isEnd(line.stripTrailing());
        }

        private String json(List<NewText> replacements) {
            StringBuilder text = new StringBuilder();
            String all = String.join("", lines);
            int position = 0;
            for (NewText replacement : replacements) {
                Span span = Objects.requireNonNull(replacement.json());
                int from = offset(span.fromLine(), span.fromColumn());
                int to = offset(span.toLine(), span.toColumn());
                text.append(all, position, from).append(inStyleOf(all.substring(from, to), replacement.wanted()));
                position = to;
            }
            return text.append(all, position, all.length()).toString();
        }

        private int offset(int line, int column) {
            return lines.subList(0, line).stream().mapToInt(String::length).sum() + column;
        }

        private String inStyleOf(String old, JsonNode wanted) {
            int lineBreak = old.indexOf('\n');
            if (lineBreak < 0) {
                return Json.text(wanted);
            }
            int end = lineBreak + 1;
            while (end < old.length() && (old.charAt(end) == ' ' || old.charAt(end) == '\t')) {
                end++;
            }
            return JsonWriter.write(wanted, old.substring(lineBreak + 1, end), "")
                    .replace("\n", lineEnd);
        }
    }
}

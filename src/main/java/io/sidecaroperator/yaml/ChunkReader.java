package io.sidecaroperator.yaml;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Splits a stream into the texts between document markers, so that at most one document is in memory. */
final class ChunkReader implements Closeable {
    /** Far above what an API server accepts, and low enough to report it before memory runs out. */
    private static final int MOST_CHARACTERS = 64 * 1024 * 1024;

    private final String file;
    private final Lines lines;
    /** The marker that ended the previous chunk. It may contain the first words of the next one. */
    private @Nullable String pending;

    private int line;
    /** Where the last line that was read begins. */
    private long lineStart;
    /** Whether the stream begins with a byte order mark. */
    private boolean marked;

    /**
     * A piece of the stream.
     *
     * @param line its first line, from 1
     * @param text its lines, each ended by a line feed; a bare marker above it is an empty line
     * @param start where the first line begins, in characters of the stream without a byte order mark
     * @param end where the last line has ended
     */
    record Chunk(int line, String text, long start, long end) {}

    /** Reads UTF-8 from a stream; {@code file} is the name of the file in messages. */
    ChunkReader(String file, InputStream stream) {
        this.file = file;
        // A decoder with default settings reports malformed input, so nothing is replaced silently.
        this.lines = new Lines(new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder()));
    }

    /** What the lines of a chunk are so far. */
    private enum State {
        /** Blank lines and comments: no document yet. */
        BETWEEN,
        /** Directives: the next marker begins their document, and does not end the chunk. */
        DIRECTIVES,
        /** Lines of a document. */
        CONTENT;

        /** Returns the state after a line of the same chunk. */
        State below(String line) {
            return switch (this) {
                case BETWEEN -> isBlank(line) ? BETWEEN : isDirective(line) ? DIRECTIVES : CONTENT;
                case DIRECTIVES ->
                    isMarker(line) ? belowMarker(line) : isBlank(line) || isDirective(line) ? DIRECTIVES : CONTENT;
                case CONTENT -> CONTENT;
            };
        }

        /** Returns the state after a marker, which may contain the first words of its document. */
        static State belowMarker(String marker) {
            return isBlank(marker.substring(3)) ? BETWEEN : CONTENT;
        }

        /** Whether the line is the marker of another document. */
        boolean endsAbove(String line) {
            return isMarker(line) && this != DIRECTIVES;
        }
    }

    /** A chunk that is being read. */
    private final class Draft {
        final int first = pending == null ? line + 1 : line;
        final StringBuilder text = new StringBuilder();
        private final long start = pending == null ? lines.offset() : lineStart;
        private State state = State.BETWEEN;

        Draft() {
            if (pending != null) {
                state = State.belowMarker(pending);
                // A bare marker would hide that the text after it is JSON. An empty line keeps the line numbers right.
                text.append(state == State.CONTENT ? pending : "").append('\n');
                pending = null;
            }
        }

        /** Reads to the end of the chunk. Returns false when the stream has ended there. */
        boolean read() {
            for (String next = readLine(); next != null; next = readLine()) {
                if (state.endsAbove(next)) {
                    pending = next;
                    return true;
                }
                state = state.below(next);
                append(next);
                if (isEnd(next)) {
                    return true;
                }
            }
            return false;
        }

        private void append(String next) {
            if (text.length() + next.length() > MOST_CHARACTERS) {
                throw new InvalidYamlException(file + ", line " + first
                        + ": the document that begins here is longer than " + MOST_CHARACTERS + " characters");
            }
            text.append(next).append('\n');
        }

        boolean hasContent() {
            return state == State.CONTENT;
        }

        Chunk chunk() {
            boolean belowMark = first == 1 && start == 0 && marked;
            return new Chunk(
                    first, text.toString(), belowMark ? 1 : start, pending == null ? lines.offset() : lineStart);
        }
    }

    /** Returns the next chunk that has more than blank lines and comments, or null at the end. */
    @Nullable
    Chunk next() {
        boolean more = true;
        while (more) {
            Draft draft = new Draft();
            more = draft.read();
            if (draft.hasContent()) {
                return draft.chunk();
            }
        }
        return null;
    }

    /** Whether the line begins a document. */
    static boolean isMarker(String text) {
        return text.startsWith("---") && isWordOf3(text);
    }

    /** Whether the line ends a document without beginning another one. */
    static boolean isEnd(String text) {
        return text.startsWith("...") && isWordOf3(text);
    }

    private static boolean isWordOf3(String text) {
        return text.length() == 3 || text.charAt(3) == ' ' || text.charAt(3) == '\t';
    }

    private static boolean isDirective(String text) {
        return text.startsWith("%");
    }

    private static boolean isBlank(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() || stripped.charAt(0) == '#';
    }

    private @Nullable String readLine() {
        try {
            lineStart = lines.offset();
            String next = lines.next();
            line++;
            if (next != null && line == 1 && next.startsWith("\uFEFF")) {
                marked = true;
                lineStart = 1;
                return next.substring(1);
            }
            return next;
        } catch (CharacterCodingException e) {
            throw new InvalidYamlException(file + ", after line " + line + ": this is not UTF-8 text");
        } catch (IOException e) {
            throw new InvalidYamlException(file + ": cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}

package io.sidecaroperator.yaml;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into the texts between document markers, so that no more than one document is in memory. */
final class ChunkReader {
    /** Far above what an API server takes, and low enough to say so before memory runs out. */
    private static final int MOST_CHARACTERS = 64 * 1024 * 1024;

    private final String file;
    private final BufferedReader lines;
    /** The marker that ended the chunk before: it may carry the first words of the next one. */
    private @Nullable String pending;

    private int line;

    /** A piece of the stream; {@code line} is its first line, from 1. */
    record Chunk(int line, String text) {}

    ChunkReader(String file, BufferedReader lines) {
        this.file = file;
        this.lines = lines;
    }

    /** The next chunk that holds more than blank lines and comments, or null at the end. */
    @Nullable
    Chunk next() {
        while (true) {
            StringBuilder text = new StringBuilder();
            int first = pending == null ? line + 1 : line;
            boolean content = false;
            boolean onlyDirectives = false;
            if (pending != null) {
                content = !isBlank(pending.substring(3));
                // A bare marker would hide that the text below it is JSON; an empty line keeps the count.
                text.append(content ? pending : "").append('\n');
                pending = null;
            }
            String next = readLine();
            for (; next != null; next = readLine()) {
                if (isMarker(next)) {
                    if (!onlyDirectives) {
                        pending = next;
                        break;
                    }
                    onlyDirectives = false;
                    content = !isBlank(next.substring(3));
                } else if (!content && next.startsWith("%")) {
                    onlyDirectives = true;
                } else if (!isBlank(next)) {
                    onlyDirectives = false;
                    content = true;
                }
                append(text, next, first);
                if (isEnd(next)) {
                    break;
                }
            }
            if (content) {
                return new Chunk(first, text.toString());
            }
            if (next == null) {
                return null;
            }
        }
    }

    private void append(StringBuilder text, String next, int first) {
        if (text.length() + next.length() > MOST_CHARACTERS) {
            throw new InvalidYamlException(file + ", line " + first + ": the document that begins here is longer than "
                    + MOST_CHARACTERS + " characters");
        }
        text.append(next).append('\n');
    }

    private static boolean isMarker(String text) {
        return text.startsWith("---") && isWordOf3(text);
    }

    private static boolean isEnd(String text) {
        return text.startsWith("...") && isWordOf3(text);
    }

    private static boolean isWordOf3(String text) {
        return text.length() == 3 || text.charAt(3) == ' ' || text.charAt(3) == '\t';
    }

    private static boolean isBlank(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() || stripped.charAt(0) == '#';
    }

    private @Nullable String readLine() {
        try {
            String next = lines.readLine();
            line++;
            return next != null && line == 1 && next.startsWith("\uFEFF") ? next.substring(1) : next;
        } catch (CharacterCodingException e) {
            throw new InvalidYamlException(file + ", after line " + line + ": this is not UTF-8 text");
        } catch (IOException e) {
            throw new InvalidYamlException(file + ": cannot be read: " + e.getMessage());
        }
    }
}

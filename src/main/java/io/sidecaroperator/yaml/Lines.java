package io.sidecaroperator.yaml;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The lines of a text, and where each of them begins. A buffered reader does not tell how a line ended. */
final class Lines implements Closeable {
    private final Reader reader;
    private final char[] buffer = new char[8192];
    private long before;
    private int position;
    private int limit;

    Lines(Reader reader) {
        this.reader = reader;
    }

    /** Returns the next line without its end (LF, CR or both), or null after the last one. */
    @Nullable
    String next() throws IOException {
        StringBuilder line = null;
        while (position < limit || fill()) {
            int start = position;
            while (position < limit && buffer[position] != '\n' && buffer[position] != '\r') {
                position++;
            }
            if (position == limit) {
                line = (line == null ? new StringBuilder() : line).append(buffer, start, position - start);
                continue;
            }
            String rest = new String(buffer, start, position - start);
            char end = buffer[position++];
            if (end == '\r' && (position < limit || fill()) && buffer[position] == '\n') {
                position++;
            }
            return line == null ? rest : line.append(rest).toString();
        }
        return line == null ? null : line.toString();
    }

    /** Returns how many characters have been read: the position of the next line. */
    long offset() {
        return before + position;
    }

    private boolean fill() throws IOException {
        before += limit;
        position = 0;
        limit = 0;
        int count = reader.read(buffer, 0, buffer.length);
        limit = Math.max(0, count);
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}

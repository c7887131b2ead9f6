package io.sidecaroperator.yaml;

import io.sidecaroperator.yaml.ChunkReader.Chunk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads the documents of a file or a pipe one by one, YAML or JSON, as kubectl does. Empty documents are skipped. A
 * text that begins with a brace is JSON if it can be. Every problem is an {@link InvalidYamlException}.
 */
public final class DocumentReader implements Iterator<Document>, Closeable {
    private final ChunkReader chunks;
    private final ChunkParser parser;
    private final Deque<Document> ready = new ArrayDeque<>();

    /** Reads UTF-8 from a stream; {@code file} is the name of the file in messages. */
    public DocumentReader(String file, InputStream stream) {
        this.chunks = new ChunkReader(file, stream);
        this.parser = new ChunkParser(file);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            Chunk chunk = chunks.next();
            if (chunk == null) {
                return false;
            }
            parser.documents(chunk).forEach(parsed -> ready.add(parsed.document()));
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

    /** Returns the only document, if its text is of interest. Nothing can be read after this. */
    public Optional<Document> only(Predicate<String> interest) {
        Chunk chunk = chunks.next();
        if (chunk == null || !interest.test(chunk.text())) {
            return Optional.empty();
        }
        List<ChunkParser.Parsed> documents = parser.documents(chunk);
        return documents.size() == 1 && chunks.next() == null
                ? Optional.of(documents.get(0).document())
                : Optional.empty();
    }

    /**
     * Reads all documents, but parses only texts of interest, and those that may have more than one document. Errors in
     * the other texts are not found.
     *
     * @return how many documents there are
     */
    public int survey(Predicate<String> interest, Consumer<Document> found) {
        for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
            if (isOneMapping(chunk.text()) && !interest.test(chunk.text())) {
                parser.skip();
            } else {
                parser.documents(chunk).forEach(parsed -> found.accept(parsed.document()));
            }
        }
        return parser.number();
    }

    /** Whether the text begins with a plain key at the margin. Then it is one mapping, or an error. */
    private static boolean isOneMapping(String text) {
        int start = 0;
        while (start < text.length() && (text.charAt(start) == '\n' || text.charAt(start) == '#')) {
            start = text.indexOf('\n', start) + 1;
        }
        int end = start;
        while (end < text.length() && isLetter(text.charAt(end))) {
            end++;
        }
        return end > start && end + 1 < text.length() && text.charAt(end) == ':' && text.charAt(end + 1) <= ' ';
    }

    private static boolean isLetter(char character) {
        return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z';
    }

    @Override
    public void close() throws IOException {
        chunks.close();
    }
}

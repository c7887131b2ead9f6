package io.sidecaroperator.yaml;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One document of a file, with its position for messages.
 *
 * @param file the user's name of the file; {@code standard input} for a pipe
 * @param number the number of the document in the file, from 1; empty documents do not count
 * @param line the line where its content begins, from 1
 */
public record Document(String file, int number, int line, JsonNode content) {
    /** Returns the place, as messages begin: {@code web.yaml, document 2 (line 14)}. */
    public String where() {
        return file + ", document " + number + " (line " + line + ")";
    }
}

package io.sidecaroperator.yaml;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One document of a file, and where it was, so that every message about it can say so.
 *
 * @param file what the user called the file; {@code standard input} for a pipe
 * @param number counts the documents of the file that are not empty, from 1
 * @param line the line its content begins at, from 1
 */
public record Document(String file, int number, int line, JsonNode content) {
    /** The place, as messages begin: {@code web.yaml, document 2 (line 14)}. */
    public String where() {
        return file + ", document " + number + " (line " + line + ")";
    }
}

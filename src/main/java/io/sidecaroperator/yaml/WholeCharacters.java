package io.sidecaroperator.yaml;

import java.io.Reader;

/**
 * Reads a text so that no read ends in the middle of a character outside the basic plane, where the parser fails
 * (snakeyaml-engine 3.0.1, {@code StreamReader.extendIfTrailingHighSurrogate}).
 */
final class WholeCharacters extends Reader {
    private final String text;
    private int position;

    WholeCharacters(String text) {
        this.text = text;
    }

    @Override
    public int read(char[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int end = Math.min(text.length(), position + length);
        if (end == position) {
            return -1;
        }
        boolean cut = end < text.length() && end - position > 1 && Character.isHighSurrogate(text.charAt(end - 1));
        int until = cut ? end - 1 : end;
        text.getChars(position, until, target, offset);
        int count = until - position;
        position = until;
        return count;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}

package io.sidecaroperator.cli.page;

import java.util.ArrayList;
import java.util.List;

/**
 * Breaks a text of the drawing into lines that fit, and shortens it in the middle when it is too long. Widths are in
 * cells of a fixed-width font.
 */
final class Wrap {
    private static final String BREAKS = " /,-:";
    private static final int DOUBLE_WIDTH = 0x1100;

    private Wrap() {}

    /** Returns at most {@code max} lines of {@code cells} cells each. A continued line has one cell less. */
    static List<String> lines(String text, int cells, int max) {
        String shown = oneLine(text);
        List<String> lines = broken(shown, cells);
        for (int room = cells * max; lines.size() > max; room -= 2) {
            lines = broken(cut(shown, room), cells);
        }
        return lines;
    }

    static int width(String text) {
        return text.codePoints().map(Wrap::width).sum();
    }

    private static int width(int character) {
        return character < DOUBLE_WIDTH || character == '…' ? 1 : 2;
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .map(character -> Character.isWhitespace(character) ? ' ' : character)
                .forEach(line::appendCodePoint);
        return line.toString().strip();
    }

    private static List<String> broken(String text, int cells) {
        List<String> lines = new ArrayList<>();
        int[] characters = text.codePoints().toArray();
        int start = 0;
        while (start < characters.length) {
            int end = end(characters, start, lines.isEmpty() ? cells : cells - 1);
            lines.add(new String(characters, start, end - start).strip());
            start = end;
        }
        return lines.isEmpty() ? List.of("") : lines;
    }

    /**
     * Returns the end of the line that starts there: after a character at which readers expect it, if that is not too
     * early.
     */
    private static int end(int[] characters, int start, int cells) {
        int used = 0;
        int end = start;
        int nice = -1;
        while (end < characters.length && used + width(characters[end]) <= cells) {
            used += width(characters[end]);
            end++;
            if (used > cells / 2 && BREAKS.indexOf(characters[end - 1]) >= 0) {
                nice = end;
            }
        }
        return end < characters.length && nice > 0 ? nice : Math.max(end, start + 1);
    }

    /** Returns head and tail of a text, together at most {@code room} cells wide. */
    private static String cut(String text, int room) {
        int[] characters = text.codePoints().toArray();
        int head = 0;
        int tail = characters.length;
        int left = room - 2;
        while (head < tail && left > 0) {
            left -= width(characters[head++]);
            if (left > 0 && head < tail && head % 3 != 0) {
                left -= width(characters[--tail]);
            }
        }
        return new String(characters, 0, head) + "…" + new String(characters, tail, characters.length - tail);
    }
}

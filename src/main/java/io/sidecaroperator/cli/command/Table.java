package io.sidecaroperator.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under a header, in columns as wide as needed, as kubectl prints them. */
final class Table {
    private static final String GAP = "   ";

    private final List<List<String>> rows = new ArrayList<>();
    private final int[] widths;

    Table(String... head) {
        this.widths = new int[head.length];
        row(head);
    }

    /** Adds a row. A cell of several lines is cut after the first line. */
    void row(String... cells) {
        if (cells.length != widths.length) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + widths.length);
        }
        List<String> row = Arrays.stream(cells)
                .map(cell -> cell.lines().findFirst().orElse(""))
                .toList();
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], width(row.get(i)));
        }
        rows.add(row);
    }

    /** Whether there are no rows below the header. */
    boolean isEmpty() {
        return rows.size() == 1;
    }

    /** Returns the table. Each line ends with a line feed and has no trailing blanks. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i))
                        .append(" ".repeat(widths[i] - width(row.get(i))))
                        .append(GAP);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** Returns the width of a cell without colour codes. */
    private static int width(String cell) {
        return cell.replaceAll("\u001b\\[[0-9;]*m", "").length();
    }
}

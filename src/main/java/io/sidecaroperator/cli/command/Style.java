package io.sidecaroperator.cli.command;

/** Colour or no colour: the eight ANSI colours, which every terminal theme makes readable. */
enum Style {
    PLAIN,
    COLOURED;

    String bold(String text) {
        return with(1, text);
    }

    String bad(String text) {
        return with(31, text);
    }

    String good(String text) {
        return with(32, text);
    }

    String warning(String text) {
        return with(33, text);
    }

    String place(String text) {
        return with(36, text);
    }

    /** Returns a coloured line of a unified diff. */
    String diff(String line) {
        if (line.startsWith("+++") || line.startsWith("---")) {
            return bold(line);
        } else if (line.startsWith("@@")) {
            return place(line);
        } else if (line.startsWith("+")) {
            return good(line);
        }
        return line.startsWith("-") ? bad(line) : line;
    }

    private String with(int code, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}

package io.sidecaroperator.cli.page;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes HTML and SVG. Every text and every attribute is escaped, and every element is closed. */
final class Html {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; {@code attributes} alternates names and values. */
    Html open(String tag, String... attributes) {
        tag(tag, attributes);
        out.append('>');
        open.push(tag);
        return this;
    }

    /** Closes the element that was opened last. */
    Html close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** The same, followed by a new line. */
    Html end() {
        close();
        out.append('\n');
        return this;
    }

    /** Writes an element that contains only a text. */
    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** Writes an HTML element that never has content, such as {@code meta}. */
    Html single(String tag, String... attributes) {
        tag(tag, attributes);
        out.append(">\n");
        return this;
    }

    /** Writes an SVG element without content. */
    Html shape(String tag, String... attributes) {
        tag(tag, attributes);
        out.append("/>");
        return this;
    }

    Html text(String text) {
        escape(text);
        return this;
    }

    /** Writes markup of this program, never text from an input. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }

    private void tag(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            out.append('"');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> {
                    if (isHidden(character)) {
                        out.append('\ufffd');
                    } else {
                        out.appendCodePoint(character);
                    }
                }
            }
        });
    }

    /** Whether the character is invisible, or reverses the text beside it. */
    static boolean isHidden(int character) {
        int type = Character.getType(character);
        return type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.CONTROL && character != '\n' && character != '\t';
    }
}

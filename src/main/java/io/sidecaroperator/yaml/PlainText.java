package io.sidecaroperator.yaml;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides which texts may be unquoted, so that YAML 1.1, YAML 1.2 and kubectl all read them back as the same text. */
final class PlainText {
    private static final Set<String> WORDS = Set.of(
            "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "~", "<<", "=", ".nan", ".inf", "+.inf",
            "-.inf", "nan", "inf", "+inf", "-inf");
    /** Wider than any number, date or time of day in any version: an unnecessary quote does no harm. */
    private static final Pattern LIKE_A_NUMBER = Pattern.compile("[-+]?[.0-9][0-9a-fA-FxXoO_.,:+\\-tTzZ ]*");

    private static final String INDICATORS = "?:,[]{}#&*!|>'\"%@`~=<";

    private PlainText() {}

    /** Whether the text can be without quotes, as a key or as a value of a block collection. */
    static boolean isSafe(String text) {
        if (text.isEmpty()
                || INDICATORS.indexOf(text.charAt(0)) >= 0
                || WORDS.contains(text.toLowerCase(Locale.ROOT))
                || LIKE_A_NUMBER.matcher(text).matches()
                || text.startsWith("---")
                || text.startsWith("...")
                || text.equals("-")
                || text.startsWith("- ")
                || text.startsWith(" ")
                || text.endsWith(" ")
                || text.endsWith(":")
                || text.contains(": ")
                || text.contains(" #")) {
            return false;
        }
        return text.codePoints().allMatch(PlainText::isVisible);
    }

    /** Whether a character stands for itself in every version of YAML and in an editor. */
    static boolean isVisible(int character) {
        if (character < 0x7f) {
            return character >= ' ';
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}

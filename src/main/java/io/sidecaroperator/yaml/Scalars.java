package io.sidecaroperator.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sidecaroperator.core.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an unquoted word of a manifest means to kubectl, which reads YAML 1.1 with go-yaml v2: {@code yes} is true,
 * {@code 0123} is 83, {@code 1_000} is a number and {@code 1:30} is text.
 */
final class Scalars {
    /** The kinds that kubectl distinguishes. Only the last has no JSON form. */
    enum Kind {
        NULL,
        BOOL,
        INT,
        FLOAT,
        TIMESTAMP,
        TEXT,
        NOT_FINITE
    }

    /** A word and its meaning. The value of a timestamp is its own text. */
    record Scalar(Kind kind, JsonNode value) {}

    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Pattern NOT_FINITE = Pattern.compile("\\.(?:nan|NaN|NAN)|[-+]?\\.(?:inf|Inf|INF)");

    private static final Pattern INTEGER = Pattern.compile(
            "(?<sign>[-+]?)(?:0[bB](?<binary>[01]+)|0[oO]?(?<octal>[0-7]+)|0[xX](?<hex>[0-9a-fA-F]+)|(?<decimal>0|[1-9][0-9]*))");
    /** How go-yaml reads a binary number whose sign comes after the prefix. */
    private static final Pattern ODD_BINARY = Pattern.compile("0b([-+][01]+)");

    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
    /** Other rules apply to a float that begins with a dot: an underscore must be between digits. */
    private static final Pattern DOT_FLOAT = Pattern.compile("\\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?");

    private static final Pattern TIMESTAMP = Pattern.compile("(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})"
            + "(?:[Tt](?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})(?:[.,][0-9]+)?"
            + "(?:Z|[-+][0-9]{2}:[0-9]{2})"
            + "| (?<hour2>[0-9]{1,2}):(?<minute2>[0-9]{1,2}):(?<second2>[0-9]{1,2})(?:[.,][0-9]+)?)?");

    private static final BigInteger INT64_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    /** Readers do not keep longer numbers exactly. */
    private static final int MOST_DIGITS = 400;

    private Scalars() {}

    /** Returns the meaning of an unquoted word without a tag. */
    static Scalar resolve(String word) {
        if (NULL.contains(word)) {
            return new Scalar(Kind.NULL, NullNode.getInstance());
        }
        if (TRUE.contains(word) || FALSE.contains(word)) {
            return new Scalar(Kind.BOOL, BooleanNode.valueOf(TRUE.contains(word)));
        }
        if (NOT_FINITE.matcher(word).matches()) {
            return new Scalar(Kind.NOT_FINITE, TextNode.valueOf(word));
        }
        char first = word.charAt(0);
        if (first == '.') {
            return DOT_FLOAT.matcher(word).matches() ? number(word.replace("_", ""), word) : text(word);
        }
        boolean digitOrSign = first == '-' || first == '+' || (first >= '0' && first <= '9');
        if (!digitOrSign) {
            return text(word);
        }
        if (isTimestamp(word)) {
            return new Scalar(Kind.TIMESTAMP, TextNode.valueOf(word));
        }
        return number(word.replace("_", ""), word);
    }

    static Scalar text(String word) {
        return new Scalar(Kind.TEXT, TextNode.valueOf(word));
    }

    private static Scalar number(String plain, String word) {
        Optional<BigInteger> integer = integer(plain);
        if (integer.isPresent()) {
            return new Scalar(Kind.INT, integerNode(integer.get()));
        }
        if (!FLOAT.matcher(plain).matches()) {
            return text(word);
        }
        double value = Double.parseDouble(plain);
        if (Double.isInfinite(value)) {
            return text(word);
        }
        return new Scalar(Kind.FLOAT, floatNode(plain, value));
    }

    private static Optional<BigInteger> integer(String plain) {
        if (plain.length() > MOST_DIGITS) {
            return Optional.empty();
        }
        Matcher matcher = INTEGER.matcher(plain);
        if (matcher.matches()) {
            BigInteger magnitude = matcher.group("binary") != null
                    ? new BigInteger(matcher.group("binary"), 2)
                    : matcher.group("octal") != null
                            ? new BigInteger(matcher.group("octal"), 8)
                            : matcher.group("hex") != null
                                    ? new BigInteger(matcher.group("hex"), 16)
                                    : new BigInteger(matcher.group("decimal"));
            boolean signed = !matcher.group("sign").isEmpty();
            BigInteger value = "-".equals(matcher.group("sign")) ? magnitude.negate() : magnitude;
            // Without a sign, up to 64 bits are an integer; with a sign, only 63.
            BigInteger most = signed ? BigInteger.valueOf(Long.MAX_VALUE) : UINT64_MAX;
            return value.compareTo(INT64_MIN) >= 0 && value.compareTo(most) <= 0
                    ? Optional.of(value)
                    : Optional.empty();
        }
        Matcher odd = ODD_BINARY.matcher(plain);
        return odd.matches() ? Optional.of(new BigInteger(odd.group(1), 2)) : Optional.empty();
    }

    /** Returns the node that Jackson makes from the same number in JSON: trees from both must be equal. */
    private static JsonNode integerNode(BigInteger value) {
        int bits = value.bitLength();
        if (bits < Integer.SIZE) {
            return Json.MAPPER.getNodeFactory().numberNode(value.intValue());
        }
        return bits < Long.SIZE
                ? Json.MAPPER.getNodeFactory().numberNode(value.longValue())
                : Json.MAPPER.getNodeFactory().numberNode(value);
    }

    private static JsonNode floatNode(String plain, double value) {
        if (plain.length() > MOST_DIGITS) {
            return DecimalNode.valueOf(BigDecimal.valueOf(value));
        }
        try {
            BigDecimal exact = new BigDecimal(plain);
            return exact.scale() == 0 ? integerNode(exact.unscaledValue()) : DecimalNode.valueOf(exact);
        } catch (NumberFormatException e) {
            // An exponent of ten digits: here the number can only be zero.
            return integerNode(BigInteger.ZERO);
        }
    }

    private static boolean isTimestamp(String word) {
        Matcher matcher = TIMESTAMP.matcher(word);
        if (!matcher.matches()) {
            return false;
        }
        try {
            java.time.LocalDate.of(part(matcher, "year"), part(matcher, "month"), part(matcher, "day"));
        } catch (java.time.DateTimeException e) {
            return false;
        }
        String clock = matcher.group("hour") != null ? "" : "2";
        return matcher.group("hour" + clock) == null
                || (part(matcher, "hour" + clock) < 24
                        && part(matcher, "minute" + clock) < 60
                        && part(matcher, "second" + clock) < 60);
    }

    private static int part(Matcher matcher, String group) {
        return Integer.parseInt(matcher.group(group));
    }

    /**
     * Returns the text of a float that is a key. kubectl formats it in single precision, as Go's {@code %g} does:
     * {@code 1.10} becomes {@code 1.1} and a million {@code 1e+06}.
     */
    static String floatKey(float value) {
        if (Float.isInfinite(value)) {
            return value < 0 ? "-.inf" : ".inf";
        }
        if (value == 0) {
            return Float.floatToRawIntBits(value) == 0 ? "0" : "-0";
        }
        String digits = shortestDigits(value);
        int mark = digits.indexOf('e');
        String mantissa = digits.substring(0, mark);
        int exponent = Integer.parseInt(digits.substring(mark + 1));
        if (exponent < -4 || exponent >= 6) {
            return mantissa + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        return new BigDecimal(digits).toPlainString();
    }

    /** Returns the text of an infinity or a NaN that is a key. */
    static String notFiniteKey(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return lower.startsWith("+") ? lower.substring(1) : lower;
    }

    private static String shortestDigits(float value) {
        BigDecimal exact = new BigDecimal(value);
        for (int precision = 1; ; precision++) {
            BigDecimal rounded = exact.round(new java.math.MathContext(precision, java.math.RoundingMode.HALF_EVEN));
            if (rounded.floatValue() == value) {
                BigDecimal shortest = rounded.stripTrailingZeros();
                String unscaled = shortest.unscaledValue().abs().toString();
                int exponent = unscaled.length() - 1 - shortest.scale();
                String mantissa = unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
                return (value < 0 ? "-" : "") + mantissa + "e" + exponent;
            }
        }
    }
}

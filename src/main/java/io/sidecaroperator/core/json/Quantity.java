package io.sidecaroperator.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Kubernetes quantities ({@code 100m}, {@code 1Gi}, {@code 1e3}) by value, as
 * {@code k8s.io/apimachinery/pkg/api/resource} does: decimal and binary suffixes and exponents, no other units.
 */
public final class Quantity {
    /** The longest text that the CRDs let through: its digits can always be read. */
    public static final int MAX_LENGTH = 40;

    private static final Pattern SHAPE = Pattern.compile("([+-]?(?:[0-9]{1,40}(?:\\.[0-9]{0,40})?|\\.[0-9]{1,40}))"
            + "(?:([eE][+-]?[0-9]{1,2})|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E))?");
    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("n", new BigDecimal("1e-9")),
            Map.entry("u", new BigDecimal("1e-6")),
            Map.entry("m", new BigDecimal("1e-3")),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private Quantity() {}

    /**
     * The value in base units; empty when the node is not a quantity. Numbers count: the API server accepts
     * {@code cpu: 1}.
     */
    public static Optional<BigDecimal> value(JsonNode node) {
        if (!node.isTextual() && !node.isNumber()) {
            return Optional.empty();
        }
        return value(node.asText());
    }

    /** The value in base units; empty when the text is not a quantity. */
    public static Optional<BigDecimal> value(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number =
                new BigDecimal(matcher.group(2) == null ? matcher.group(1) : matcher.group(1) + matcher.group(2));
        BigDecimal factor =
                matcher.group(3) == null ? BigDecimal.ONE : SUFFIXES.getOrDefault(matcher.group(3), BigDecimal.ONE);
        return Optional.of(number.multiply(factor));
    }
}

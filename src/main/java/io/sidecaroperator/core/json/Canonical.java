package io.sidecaroperator.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One form for trees that mean the same: {@code name} first and the other keys sorted, numbers by value, nulls dropped.
 * The API server stores {@code 1.0} as {@code 1} and sorts keys. In this form a policy from a file equals the same
 * policy from the cluster.
 */
public final class Canonical {
    /**
     * Beyond this number of zeros a number keeps its exponent, so that a policy cannot make us write a gigabyte of
     * zeros.
     */
    private static final int LONGEST_PLAIN_SCALE = 40;

    private Canonical() {}

    /** A canonical copy. */
    public static JsonNode of(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return of(object);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.array();
            array.forEach(item -> copy.add(of(item)));
            return copy;
        }
        return node.isNumber() ? number(node) : node;
    }

    /** A canonical copy of an object. */
    public static ObjectNode of(ObjectNode object) {
        List<String> keys = new ArrayList<>(object.size());
        object.fieldNames().forEachRemaining(keys::add);
        keys.sort(Canonical::compareKeys);
        ObjectNode copy = Json.object();
        for (String key : keys) {
            JsonNode value = object.path(key);
            if (!value.isNull()) {
                copy.set(key, of(value));
            }
        }
        return copy;
    }

    /** The first hexadecimal digits of the SHA-256 of a canonical form's text. */
    public static String hash(JsonNode node, int digits) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Json.text(of(node)).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, digits);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static int compareKeys(String one, String other) {
        if (one.equals("name") || other.equals("name")) {
            return Boolean.compare(!one.equals("name"), !other.equals("name"));
        }
        return one.compareTo(other);
    }

    private static JsonNode number(JsonNode node) {
        if (node.isIntegralNumber()) {
            return smallest(node.bigIntegerValue());
        }
        if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
            return node;
        }
        BigDecimal value = node.decimalValue().stripTrailingZeros();
        if (value.signum() == 0) {
            return Json.MAPPER.getNodeFactory().numberNode(0);
        }
        if (value.scale() <= 0 && value.scale() >= -LONGEST_PLAIN_SCALE) {
            return smallest(value.toBigIntegerExact());
        }
        return Json.MAPPER.getNodeFactory().numberNode(value);
    }

    private static JsonNode smallest(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return Json.MAPPER.getNodeFactory().numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE
                ? Json.MAPPER.getNodeFactory().numberNode(value.longValue())
                : Json.MAPPER.getNodeFactory().numberNode(value);
    }
}

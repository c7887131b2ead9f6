package io.sidecaroperator.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;

/**
 * The text in a file for a boolean or a number, where it differs from the value's JSON text: {@code yes} for true,
 * {@code 010} for 8. The value is an ordinary value otherwise; only advice to the user needs the text.
 */
public final class SourceScalar {
    private SourceScalar() {}

    /** A value that remembers its text. */
    private interface Remembered {
        String source();
    }

    /** Returns a value that remembers its text; the value itself, where its JSON text is the same. */
    public static JsonNode of(String text, JsonNode value) {
        if (value.asText().equals(text)) {
            return value;
        }
        return switch (value.getNodeType()) {
            case BOOLEAN -> new Bool(value.booleanValue(), text);
            case NUMBER ->
                switch (value.numberType()) {
                    case INT -> new Int(value, text);
                    case LONG -> new LongInt(value, text);
                    case BIG_INTEGER -> new BigInteger(value, text);
                    case BIG_DECIMAL -> new Decimal(value, text);
                    default -> value;
                };
            default -> value;
        };
    }

    /** The text that was written for the value. */
    public static String textOf(JsonNode value) {
        return value instanceof Remembered remembered ? remembered.source() : value.asText();
    }

    private static final class Bool extends BooleanNode implements Remembered {
        private final String source;

        Bool(boolean value, String source) {
            super(value);
            this.source = source;
        }

        @Override
        public String source() {
            return source;
        }
    }

    private static final class Int extends IntNode implements Remembered {
        private final String source;

        Int(JsonNode value, String source) {
            super(value.intValue());
            this.source = source;
        }

        @Override
        public String source() {
            return source;
        }
    }

    private static final class LongInt extends LongNode implements Remembered {
        private final String source;

        LongInt(JsonNode value, String source) {
            super(value.longValue());
            this.source = source;
        }

        @Override
        public String source() {
            return source;
        }
    }

    private static final class BigInteger extends BigIntegerNode implements Remembered {
        private final String source;

        BigInteger(JsonNode value, String source) {
            super(value.bigIntegerValue());
            this.source = source;
        }

        @Override
        public String source() {
            return source;
        }
    }

    private static final class Decimal extends DecimalNode implements Remembered {
        private final String source;

        Decimal(JsonNode value, String source) {
            super(value.decimalValue());
            this.source = source;
        }

        @Override
        public String source() {
            return source;
        }
    }
}

package io.sidecaroperator.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.SourceScalar;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Builds the JSON tree of one YAML document from the parser's events. Aliases become copies, so a change in one place
 * never changes another. Their number is limited, so a small file cannot become a huge tree.
 */
final class TreeBuilder {
    private static final String TAG = "tag:yaml.org,2002:";
    private static final int DEEPEST = 400;
    /** The same limit as kubectl's. */
    private static final int MOST_ALIASED_VALUES = 400_000;

    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private int values;
    private int aliasedValues;

    /** A value with an anchor; {@code value} is null while it is still being read. */
    private record Anchored(@Nullable JsonNode value, int size) {}

    /** A value that is valid YAML but has no meaning for Kubernetes; {@code line} counts from 0. */
    static final class BadValueException extends RuntimeException {
        private final int line;

        BadValueException(Event event, String message) {
            super(message);
            this.line = lineOf(event);
        }

        int line() {
            return line;
        }
    }

    TreeBuilder(Iterator<Event> events) {
        this.events = events;
    }

    static int lineOf(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(0);
    }

    /** Returns the value that begins with this event, and consumes the events up to its end. */
    JsonNode value(Event event) {
        return value(event, 0);
    }

    private JsonNode value(Event event, int depth) {
        if (depth > DEEPEST) {
            throw new BadValueException(event, "is nested more than " + DEEPEST + " levels deep");
        }
        values++;
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        Anchor anchor = ((NodeEvent) event).getAnchor().orElse(null);
        if (anchor != null) {
            anchors.put(anchor, new Anchored(null, 0));
        }
        int before = values;
        JsonNode node = event instanceof ScalarEvent scalar
                ? scalarNode(scalar)
                : event instanceof MappingStartEvent ? object(depth) : array(depth);
        if (anchor != null) {
            anchors.put(anchor, new Anchored(node, values - before + 1));
        }
        return node;
    }

    private JsonNode aliased(AliasEvent alias) {
        Anchored anchored = anchors.get(alias.getAlias());
        if (anchored == null) {
            throw new BadValueException(alias, "there is no anchor &" + alias.getAlias() + " above this alias");
        }
        if (anchored.value() == null) {
            throw new BadValueException(alias, "the anchor &" + alias.getAlias() + " contains itself");
        }
        values += anchored.size();
        aliasedValues += anchored.size();
        if (aliasedValues > MOST_ALIASED_VALUES) {
            throw new BadValueException(
                    alias, "aliases of this document stand for more than " + MOST_ALIASED_VALUES + " values");
        }
        return anchored.value().deepCopy();
    }

    private ArrayNode array(int depth) {
        ArrayNode array = Json.array();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            array.add(value(event, depth + 1));
        }
        return array;
    }

    private ObjectNode object(int depth) {
        ObjectNode object = Json.object();
        Set<String> written = new HashSet<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (isMerge(event)) {
                // kubectl merges in the order of the text: a later value wins over an earlier one.
                merge(object, events.next(), depth);
                continue;
            }
            String key = key(event, depth);
            if (!written.add(key)) {
                throw new BadValueException(event, "the key \"" + key + "\" is here twice");
            }
            object.set(key, value(events.next(), depth + 1));
        }
        return object;
    }

    private static boolean isMerge(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.getValue().equals("<<")
                && (scalar.getImplicit().canOmitTagInPlainScalar()
                        || scalar.getTag().filter((TAG + "merge")::equals).isPresent());
    }

    private void merge(ObjectNode object, Event event, int depth) {
        JsonNode source = value(event, depth + 1);
        if (source instanceof ObjectNode mapping) {
            object.setAll(mapping);
            return;
        }
        if (!(source instanceof ArrayNode list) || event instanceof AliasEvent) {
            throw notMergeable(event);
        }
        for (int i = list.size() - 1; i >= 0; i--) {
            if (!(list.get(i) instanceof ObjectNode mapping)) {
                throw notMergeable(event);
            }
            object.setAll(mapping);
        }
    }

    private static BadValueException notMergeable(Event event) {
        return new BadValueException(event, "<< takes a mapping, an alias of one, or a list of those");
    }

    private String key(Event event, int depth) {
        if (event instanceof ScalarEvent scalar && scalar.getAnchor().isEmpty()) {
            return keyText(event, scalar(scalar));
        }
        JsonNode node = value(event, depth + 1);
        if (node.isContainerNode()) {
            throw new BadValueException(event, "a list or mapping cannot be a key");
        }
        return keyText(
                event,
                new Scalars.Scalar(
                        node.isNull()
                                ? Scalars.Kind.NULL
                                : node.isBigDecimal() ? Scalars.Kind.FLOAT : Scalars.Kind.TEXT,
                        node));
    }

    private static String keyText(Event event, Scalars.Scalar scalar) {
        return switch (scalar.kind()) {
            case NULL -> throw new BadValueException(event, "a key is empty or null; quote it when you mean the text");
            case FLOAT -> Scalars.floatKey(scalar.value().floatValue());
            case NOT_FINITE -> Scalars.notFiniteKey(scalar.value().asText());
            default -> scalar.value().asText();
        };
    }

    private static JsonNode scalarNode(ScalarEvent event) {
        Scalars.Scalar scalar = scalar(event);
        if (scalar.kind() == Scalars.Kind.NOT_FINITE) {
            throw new BadValueException(
                    event, event.getValue() + " is not a number in JSON; quote it when you mean the text");
        }
        return SourceScalar.of(event.getValue(), scalar.value());
    }

    private static Scalars.Scalar scalar(ScalarEvent event) {
        String tag = event.getTag().orElse("");
        if (tag.isEmpty() || tag.equals("!")) {
            return event.getImplicit().canOmitTagInPlainScalar()
                    ? Scalars.resolve(event.getValue())
                    : Scalars.text(event.getValue());
        }
        return switch (tag) {
            case TAG + "bool" -> checked(event, Set.of(Scalars.Kind.BOOL));
            case TAG + "int" -> checked(event, Set.of(Scalars.Kind.INT));
            case TAG + "float" -> checked(event, Set.of(Scalars.Kind.FLOAT, Scalars.Kind.INT, Scalars.Kind.NOT_FINITE));
            case TAG + "null" -> checked(event, Set.of(Scalars.Kind.NULL));
            case TAG + "timestamp" -> checked(event, Set.of(Scalars.Kind.TIMESTAMP));
            case TAG + "binary" -> Scalars.text(decoded(event));
            // Any other tag, such as !!str or an application's own tag, leaves the text as it is.
            default -> Scalars.text(event.getValue());
        };
    }

    private static Scalars.Scalar checked(ScalarEvent event, Set<Scalars.Kind> allowed) {
        Scalars.Scalar scalar = Scalars.resolve(event.getValue());
        if (!allowed.contains(scalar.kind())) {
            throw new BadValueException(
                    event,
                    "\"" + event.getValue() + "\" is no !!"
                            + event.getTag().orElse("").substring(TAG.length()));
        }
        return scalar;
    }

    private static String decoded(ScalarEvent event) {
        String text = event.getValue().replace("\r", "").replace("\n", "");
        try {
            if (text.length() % 4 != 0) {
                throw new IllegalArgumentException("padding is missing");
            }
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadValueException(event, "a !!binary value is not base64");
        }
    }
}

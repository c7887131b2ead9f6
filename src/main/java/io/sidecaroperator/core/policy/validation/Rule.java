package io.sidecaroperator.core.policy.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One rule of a policy that a plain schema cannot express, in both its forms side by side: the CEL expression that the
 * API server evaluates, and the same in Java for use without a server.
 *
 * @param code a word for the rule, for programs
 * @param cel the expression in the CRD; {@code self} is the value at which the rule is declared
 * @param message what a person reads, from the server and from us
 * @param field the field below {@code self} that the message is about, or empty for {@code self}
 * @param holds the expression in Java; true for what it cannot read, because the schema has reported that already
 */
public record Rule(String code, String cel, String message, String field, Predicate<JsonNode> holds) {

    /** A rule about a value as a whole. */
    static Rule of(String code, String cel, String message, Predicate<JsonNode> holds) {
        return new Rule(code, cel, message, "", holds);
    }

    /** A rule that exactly one of the fields is present. */
    static Rule exactlyOne(String code, List<String> fields) {
        return of(
                code,
                present(fields) + ".exists_one(x, x)",
                "exactly one of " + enumerate(fields) + " must be set",
                self -> count(self, fields) == 1);
    }

    /** A rule that at most one of the fields is present. */
    static Rule atMostOne(String code, List<String> fields) {
        return of(
                code,
                present(fields) + ".filter(x, x).size() <= 1",
                "at most one of " + enumerate(fields) + " may be set",
                self -> count(self, fields) <= 1);
    }

    /** A rule that the field is absent. */
    static Rule absent(String code, String field, String message) {
        return new Rule(code, "!has(self." + field + ")", message, field, self -> !self.has(field));
    }

    private static long count(JsonNode self, List<String> fields) {
        return fields.stream().filter(self::has).count();
    }

    private static String present(List<String> fields) {
        return fields.stream().map(field -> "has(self." + field + ")").collect(Collectors.joining(", ", "[", "]"));
    }

    private static String enumerate(List<String> fields) {
        return String.join(", ", fields.subList(0, fields.size() - 1)) + " and " + fields.get(fields.size() - 1);
    }
}

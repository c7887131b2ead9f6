package io.sidecaroperator.core.podsecurity;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One rule that a pod violates in one place. The value found there is for the reader and does not belong to its
 * identity: a sum that was already too large stays the same violation when it grows.
 *
 * @param where the container, the volume or {@code pod}
 * @param field the field, as a manifest writes it below there
 * @param expected what the rule requires, as the rest of a sentence: {@code must not be true}
 * @param found what is there, or empty when {@code expected} is enough
 */
public record Violation(String where, String field, String expected, String found) {

    /**
     * Returns what the pod violates only since it was changed: the violations of {@code after} that are not in
     * {@code before}, in order.
     */
    public static List<Violation> added(List<Violation> before, List<Violation> after) {
        Set<Violation> known = before.stream().collect(Collectors.toSet());
        return after.stream().filter(violation -> !known.contains(violation)).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Violation violation
                && where.equals(violation.where)
                && field.equals(violation.field)
                && expected.equals(violation.expected);
    }

    @Override
    public int hashCode() {
        return (where.hashCode() * 31 + field.hashCode()) * 31 + expected.hashCode();
    }

    /** One sentence for a person. */
    @Override
    public String toString() {
        return where + ": " + field + " " + expected + (found.isEmpty() ? "" : ", but is " + found);
    }
}

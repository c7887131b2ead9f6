package io.sidecaroperator.engine;

import java.util.Comparator;

/** The name of a policy among all policies; {@code namespace} is empty for a cluster policy. */
public record PolicyKey(String namespace, String name) implements Comparable<PolicyKey> {
    private static final Comparator<PolicyKey> ORDER =
            Comparator.comparing(PolicyKey::namespace).thenComparing(PolicyKey::name);

    /** Reads {@code name} or {@code namespace/name}. */
    public static PolicyKey parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? new PolicyKey("", text) : new PolicyKey(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(PolicyKey other) {
        return ORDER.compare(this, other);
    }

    /** {@code name} or {@code namespace/name}, the form of receipts and messages. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}

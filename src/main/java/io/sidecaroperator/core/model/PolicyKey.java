package io.sidecaroperator.core.model;

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

    /** Whether a policy of this name can ever reach a namespace: a policy of another namespace never does. */
    public boolean mayReach(String other) {
        return namespace.isEmpty() || namespace.equals(other);
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

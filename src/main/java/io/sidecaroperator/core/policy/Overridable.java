package io.sidecaroperator.core.policy;

import java.util.Optional;
import java.util.stream.Stream;

/** A part of a sidecar that a policy can open to workloads. */
public enum Overridable {
    RESOURCES("resources"),
    IMAGE("image"),
    ENV("env");

    private final String key;

    Overridable(String key) {
        this.key = key;
    }

    /** The key in the container, in the annotation and in {@code overrides.allow}. */
    public String key() {
        return key;
    }

    /** Returns the part with this key, if it exists. */
    public static Optional<Overridable> of(String key) {
        return Stream.of(values()).filter(part -> part.key.equals(key)).findFirst();
    }
}

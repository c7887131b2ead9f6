package io.sidecaroperator.core.podsecurity;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The three Pod Security Standards; each one allows less than the one before. */
public enum PodSecurityLevel {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    /** The level as a namespace label writes it; empty for anything else. */
    public static Optional<PodSecurityLevel> parse(String text) {
        return Stream.of(values())
                .filter(level -> level.toString().equals(text))
                .findFirst();
    }

    /** The level as a namespace label writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.sidecaroperator.operator.app;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a process needs before it may receive pods, and what is still missing. */
final class Readiness {
    private final Map<Component, Supplier<Optional<String>>> parts = new EnumMap<>(Component.class);

    /** In the order of the start. */
    enum Component {
        API_SERVER("the API server has not answered yet"),
        POLICIES("the kind SidecarPolicy is not known to the API server yet"),
        CACHES("the caches are not filled yet"),
        CERTIFICATE("the certificate is not served yet"),
        HANDLER("the handler is not warm yet"),
        REGISTRATION("the webhook is not registered yet"),
        SERVING("");

        private final String missing;

        Component(String missing) {
            this.missing = missing;
        }
    }

    Readiness() {
        for (Component part : Component.values()) {
            parts.put(part, () -> Optional.of(part.missing).filter(text -> !text.isEmpty()));
        }
    }

    /** From now on, the part is complete. */
    void has(Component part) {
        watch(part, Optional::empty);
    }

    /** From now on, this supplier returns what the part is missing; empty when it is complete. */
    synchronized void watch(Component part, Supplier<Optional<String>> missing) {
        parts.put(part, missing);
    }

    /** Returns what is missing, in words; empty when the process is ready. */
    synchronized List<String> missing() {
        List<String> missing = new ArrayList<>();
        parts.values().forEach(part -> part.get().ifPresent(missing::add));
        return missing;
    }
}

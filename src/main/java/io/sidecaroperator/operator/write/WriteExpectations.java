package io.sidecaroperator.operator.write;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is remembered of the last write to each object, so that none is sent twice: not from a cache that does not show
 * the last one yet, and not when the API server has already refused the very same change.
 */
public final class WriteExpectations<K> {
    /** A watch that does not bring a write in this time has other troubles; then the cache is believed again. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Clock clock;
    private final Map<K, Seen> outdated = new ConcurrentHashMap<>();
    private final Map<K, Refused> refused = new ConcurrentHashMap<>();

    public WriteExpectations(Clock clock) {
        this.clock = clock;
    }

    private record Seen(String resourceVersion, Instant at) {}

    private record Refused(String change, String message) {}

    /** Remembers that this version of the object is known to be an old one. */
    public void outdate(K object, String resourceVersion) {
        outdated.put(object, new Seen(resourceVersion, clock.instant()));
    }

    /** Whether this version is an old one, and a newer one is on its way. */
    public boolean isOutdated(K object, String resourceVersion) {
        Seen seen = outdated.get(object);
        if (seen == null) {
            return false;
        }
        if (seen.resourceVersion().equals(resourceVersion)
                && clock.instant().isBefore(seen.at().plus(PATIENCE))) {
            return true;
        }
        outdated.remove(object, seen);
        return false;
    }

    /** Remembers that the API server refused this change. */
    public void refuse(K object, String change, String message) {
        refused.put(object, new Refused(change, message));
    }

    /** What the API server said when it refused this very change. */
    public Optional<String> refusal(K object, String change) {
        return Optional.ofNullable(refused.get(object))
                .filter(last -> last.change().equals(change))
                .map(Refused::message);
    }

    /** Forgets an object that is gone. */
    public void forget(K object) {
        outdated.remove(object);
        refused.remove(object);
    }
}

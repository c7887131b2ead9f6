package io.sidecaroperator.operator.write;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers the last write to each object, so that a write is not sent twice. The operator does not write from a cache
 * that does not show its last write yet, and does not send a change again that the API server has refused.
 */
public final class WriteExpectations<K> {
    /** If a watch does not deliver a write in this time, it has other problems, and the cache is believed again. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Clock clock;
    private final Map<K, Seen> outdated = new ConcurrentHashMap<>();
    private final Map<K, Refused> refused = new ConcurrentHashMap<>();

    public WriteExpectations(Clock clock) {
        this.clock = clock;
    }

    private record Seen(String resourceVersion, Instant at) {}

    private record Refused(String change, String message) {}

    /** Remembers that this version of the object is known to be outdated. */
    public void outdate(K object, String resourceVersion) {
        outdated.put(object, new Seen(resourceVersion, clock.instant()));
    }

    /** Whether this version is outdated, so that the watch will deliver a newer one. */
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

    /** Returns the API server's message if it refused exactly this change. */
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

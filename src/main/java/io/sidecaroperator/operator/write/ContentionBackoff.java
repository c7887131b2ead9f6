package io.sidecaroperator.operator.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Receipt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices when the same write is repeated again and again because another writer reverts it. Each round is a rollout of
 * the user's pods. So the operator pauses after a few rounds, longer each time.
 */
public final class ContentionBackoff<K> {
    /** How often the same write is made without a pause. */
    public static final int ROUNDS = 5;

    /** The first pause. It is short, so that a brief conflict is soon over. */
    public static final Duration FIRST_PAUSE = Duration.ofSeconds(10);

    /**
     * At most a minute: when the other writer stops, the workload gets its sidecar soon, and a person need not do
     * anything.
     */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(5);

    private static final int MOST_DOUBLINGS = 3;

    private final Clock clock;
    private final Map<K, Bout> bouts = new ConcurrentHashMap<>();

    public ContentionBackoff(Clock clock) {
        this.clock = clock;
    }

    private record Bout(String write, int rounds, Instant last) {
        Instant next() {
            if (rounds < ROUNDS) {
                return last;
            }
            int doublings = Math.min(rounds - ROUNDS, MOST_DOUBLINGS);
            Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
            return last.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        }
    }

    /**
     * Returns what identifies a write to this template: its receipt, which lists the parts of policies. The whole
     * template does not serve, because the writer that removes the parts may change a timestamp in it each time.
     */
    static String about(ObjectNode template) {
        ObjectNode annotations = Json.objectAt(Json.objectAt(template, "metadata"), "annotations");
        return String.valueOf(Json.textAt(annotations, Receipt.ANNOTATION));
    }

    /** Returns how long this write has to wait; empty when it need not wait. */
    public Optional<Duration> pause(K object, String write) {
        return Optional.ofNullable(bouts.get(object))
                .filter(bout -> bout.write().equals(write))
                .map(bout -> Duration.between(clock.instant(), bout.next()))
                .filter(left -> !left.isNegative() && !left.isZero());
    }

    /** Remembers that this write was made. A different write ends the fight. */
    public void wrote(K object, String write) {
        Instant now = clock.instant();
        bouts.compute(object, (same, last) -> {
            boolean again = last != null
                    && last.write().equals(write)
                    && now.isBefore(last.last().plus(FORGOTTEN_AFTER));
            return new Bout(write, again ? last.rounds() + 1 : 1, now);
        });
    }

    /** Forgets an object that is gone. */
    public void forget(K object) {
        bouts.remove(object);
    }
}

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
 * Notices when the same write has to be made again and again, because someone takes it back: each round is a rollout of
 * the user's pods, so after a few the operator waits, longer each time.
 */
public final class ContentionBackoff<K> {
    /** So often the same write is made without a pause. */
    public static final int ROUNDS = 5;

    /** Short, so that a quarrel of a moment is soon forgotten. */
    public static final Duration FIRST_PAUSE = Duration.ofSeconds(10);

    /** A minute and no more: when the other one stops, the workload has its sidecar soon, and nobody has to do anything. */
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
     * What makes a write to this template the same as an earlier one: the parts of policies by its receipt, and not the
     * whole, for who takes them out may stamp the template anew each time.
     */
    static String about(ObjectNode template) {
        ObjectNode annotations = Json.objectAt(Json.objectAt(template, "metadata"), "annotations");
        return String.valueOf(Json.textAt(annotations, Receipt.ANNOTATION));
    }

    /** How long this write has to wait, if at all. */
    public Optional<Duration> pause(K object, String write) {
        return Optional.ofNullable(bouts.get(object))
                .filter(bout -> bout.write().equals(write))
                .map(bout -> Duration.between(clock.instant(), bout.next()))
                .filter(left -> !left.isNegative() && !left.isZero());
    }

    /** Remembers that this write was made; another one than the last ends the fight. */
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

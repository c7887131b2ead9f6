package io.sidecaroperator.operator.progress;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.operator.watch.KnownPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The policies for which one workload may change, and what happened with these permits. A value: each step returns a
 * new one.
 *
 * <pre>
 *   offer --> OFFERED --use-------> (none)
 *                |------refuse----> REFUSED --use of any--> (none)
 *                '------postpone--> (none), and a back-off
 * </pre>
 *
 * @param permits the permit of each policy that has given one
 * @param since when the first of the offered permits was given; empty when there is no offered permit
 * @param backOff how long the workload lets others go first, because it could not be written
 */
record Permits(Map<PolicyKey, Permit> permits, Optional<Instant> since, Optional<BackOff> backOff) {
    static final Permits NONE = new Permits(Map.of(), Optional.empty(), Optional.empty());

    Permits {
        permits = Map.copyOf(permits);
        boolean anyOffered = permits.values().stream().anyMatch(permit -> permit.stage == Stage.OFFERED);
        since = since.filter(given -> anyOffered);
    }

    /** How far a permit has come. */
    enum Stage {
        /** The workload may change for the policy. The permit takes a slot. */
        OFFERED,
        /** The change was refused. The permit takes no slot, and is remembered for as long as the change is refused. */
        REFUSED
    }

    /** The permit of one policy, with the version of the policy that gave it. */
    record Permit(PolicyVersion policy, Stage stage) {
        private boolean isOfferedBy(PolicyVersion version) {
            return stage == Stage.OFFERED && policy.equals(version);
        }
    }

    /** The version of a policy. A policy that has changed since has to give a new permit. */
    record PolicyVersion(String uid, long generation, boolean deleting) {
        static PolicyVersion of(KnownPolicy policy) {
            return new PolicyVersion(policy.uid(), policy.generation(), policy.deleting());
        }

        private boolean isOlderThan(PolicyVersion other) {
            return uid.equals(other.uid) && generation < other.generation;
        }
    }

    /** How long a workload lets others go first: twice as long each time, up to the longest. */
    record BackOff(Instant until, Duration length) {
        private static final Duration FIRST = Duration.ofSeconds(1);
        private static final Duration LONGEST = Duration.ofSeconds(30);

        static BackOff after(Optional<BackOff> last, Instant now) {
            Duration twice = last.map(one -> one.length.multipliedBy(2)).orElse(FIRST);
            Duration length = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
            return new BackOff(now.plus(length), length);
        }
    }

    /** Whether there is neither a permit nor a back-off. */
    boolean isEmpty() {
        return permits.isEmpty() && backOff.isEmpty();
    }

    /** Returns the policies that have a permit in this stage and have not changed since they gave it. */
    Map<PolicyKey, PolicyVersion> current(Stage stage, Function<PolicyKey, Optional<PolicyVersion>> versions) {
        return permits.entrySet().stream()
                .filter(entry -> entry.getValue().stage == stage)
                .filter(entry -> versions.apply(entry.getKey()).equals(Optional.of(entry.getValue().policy)))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().policy));
    }

    /** Whether the policy, at that version, offers a permit. */
    boolean isOffered(PolicyKey key, PolicyVersion version) {
        Permit permit = permits.get(key);
        return permit != null && permit.isOfferedBy(version);
    }

    /** Returns the policies that offer a permit. */
    Set<PolicyKey> offered() {
        return permits.entrySet().stream()
                .filter(entry -> entry.getValue().stage == Stage.OFFERED)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns those of these permits that are still on offer. */
    Set<PolicyKey> offered(Map<PolicyKey, PolicyVersion> used) {
        return used.entrySet().stream()
                .filter(entry -> isOffered(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Adds a permit that a policy offers. */
    Permits offer(PolicyKey key, PolicyVersion version, Instant now) {
        Map<PolicyKey, Permit> more = new HashMap<>(permits);
        more.put(key, new Permit(version, Stage.OFFERED));
        return new Permits(more, since.or(() -> Optional.of(now)), backOff);
    }

    /**
     * Removes the offered permits of policies that have changed since, and keeps those at the current version. An
     * outdated permit must not take a slot.
     */
    Permits withoutOutdated(Function<PolicyKey, Optional<PolicyVersion>> versions) {
        Map<PolicyKey, Permit> rest = new HashMap<>(permits);
        rest.entrySet().removeIf(entry -> {
            Permit permit = entry.getValue();
            return permit.stage == Stage.OFFERED
                    && versions.apply(entry.getKey())
                            .filter(permit.policy::isOlderThan)
                            .isPresent();
        });
        return new Permits(rest, since, backOff);
    }

    /** Ends these permits after a reconciliation in which the change was not refused. */
    Permits use(Map<PolicyKey, PolicyVersion> used) {
        Map<PolicyKey, Permit> rest = new HashMap<>(permits);
        rest.keySet().removeAll(offered(used));
        rest.values().removeIf(permit -> permit.stage == Stage.REFUSED);
        return new Permits(rest, since, offered(used).isEmpty() ? backOff : Optional.empty());
    }

    /** Marks these permits as refused: the change that they are for was refused. */
    Permits refuse(Map<PolicyKey, PolicyVersion> used) {
        Map<PolicyKey, Permit> rest = new HashMap<>(permits);
        offered(used)
                .forEach(key -> rest.computeIfPresent(key, (same, permit) -> new Permit(permit.policy, Stage.REFUSED)));
        return new Permits(rest, since, backOff);
    }

    /** Removes these permits and starts a back-off: the change could not be written now. */
    Permits postpone(Map<PolicyKey, PolicyVersion> used, Instant now) {
        if (offered(used).isEmpty()) {
            return this;
        }
        Map<PolicyKey, Permit> rest = new HashMap<>(permits);
        rest.keySet().removeAll(offered(used));
        return new Permits(rest, since, Optional.of(BackOff.after(backOff, now)));
    }
}

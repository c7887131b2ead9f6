package io.sidecaroperator.adapters;

import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.PolicyOutcome;
import java.util.Map;
import java.util.TreeMap;

/** The engine's decisions at each adapter, so that an adapter with too few of them is noticed. */
final class Counts {
    private final Map<String, Map<String, Integer>> byDoor = new TreeMap<>();

    synchronized void add(String door, Injection injection) {
        merge(door, "pairs");
        for (String what : injection.outcomes().stream()
                .filter(PolicyOutcome::matched)
                .map(Counts::word)
                .distinct()
                .toList()) {
            merge(door, what);
        }
    }

    private void merge(String door, String what) {
        byDoor.computeIfAbsent(door, none -> new TreeMap<>()).merge(what, 1, Integer::sum);
    }

    private static String word(PolicyOutcome outcome) {
        if (outcome.decision() instanceof Decision.Skip) {
            return "skipped";
        }
        if (outcome.decision() instanceof Decision.Refuse) {
            return "refused";
        }
        return outcome.pending().isPresent() ? "held" : "injected";
    }

    int of(String door, String what) {
        return byDoor.getOrDefault(door, Map.of()).getOrDefault(what, 0);
    }

    @Override
    public String toString() {
        return byDoor.toString();
    }
}

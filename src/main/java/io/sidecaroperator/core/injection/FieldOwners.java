package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place.Form;
import io.sidecaroperator.core.receipt.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What earlier policies add to the template at hand: the first to want a name has it. */
final class FieldOwners {
    private record Key(Place place, String app, String key) {
        /** Names of containers are unique across both lists. */
        static Key of(Edit edit) {
            return new Key(edit.isContainer() ? Place.CONTAINERS : edit.place(), edit.app(), edit.key());
        }
    }

    private record Claim(PolicyKey policy, JsonNode value) {}

    /** In book order, so that of several holders the same one is always named. */
    private final Map<Key, Claim> claims = new LinkedHashMap<>();

    /** Books everything that a plan adds. */
    void add(Plan plan) {
        plan.edits().forEach(edit -> {
            if (!isHighest(edit) || holder(edit).isEmpty()) {
                claims.put(Key.of(edit), new Claim(plan.policy(), edit.value()));
            }
        });
    }

    /** The policy that has already claimed what this edit adds, if any. A later policy may outbid the highest number. */
    Optional<PolicyKey> holder(Edit edit) {
        return Optional.ofNullable(claims.get(Key.of(edit)))
                .filter(claim -> !isHighest(edit)
                        || claim.value.longValue() >= edit.value().longValue())
                .map(Claim::policy);
    }

    /** Whether the claim on what this edit adds is for the very same value. */
    boolean sameValue(Edit edit) {
        Claim claim = claims.get(Key.of(edit));
        return switch (edit.place().form()) {
            case CONTAINERS, OWNED, KEYED, UNNAMED, NAMES -> false; // Each policy's element would be one of its own.
            case TEXTS, FIELDS -> claim != null && claim.value.equals(edit.value());
            case HIGHEST -> true; // Two numbers never contradict each other: the higher one is both.
        };
    }

    /** The policy that mounts something at this path or above it in this app container, if any. */
    Optional<PolicyKey> mountAtOrAbove(String app, MountPath path) {
        return claims.entrySet().stream()
                .filter(claim -> claim.getKey().place == Place.MOUNTS
                        && claim.getKey().app.equals(app)
                        && covers(new MountPath(claim.getKey().key), path))
                .map(claim -> claim.getValue().policy)
                .findFirst();
    }

    private static boolean isHighest(Edit edit) {
        return edit.place().form() == Form.HIGHEST;
    }

    private static boolean covers(MountPath claimed, MountPath path) {
        return claimed.equals(path) || claimed.isAbove(path);
    }
}

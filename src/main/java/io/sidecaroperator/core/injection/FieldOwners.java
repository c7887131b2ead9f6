package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Place.Form;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names and values that earlier policies add to the current template. The first policy that wants a name owns it.
 */
final class FieldOwners {
    private record Key(Place place, String app, String key) {
        /** Names of containers are unique across both lists. */
        static Key of(Edit edit) {
            return new Key(edit.isContainer() ? Place.CONTAINERS : edit.place(), edit.app(), edit.key());
        }
    }

    private record Owner(PolicyKey policy, JsonNode value) {}

    /** In the order of the policies, so that of several owners the same one is always named. */
    private final Map<Key, Owner> owners = new LinkedHashMap<>();

    /** Registers everything that a plan adds. */
    void add(Plan plan) {
        plan.edits().forEach(edit -> {
            if (!isHighest(edit) || holder(edit).isEmpty()) {
                owners.put(Key.of(edit), new Owner(plan.policy(), edit.value()));
            }
        });
    }

    /**
     * Returns the policy that already owns what this edit adds, if any. A later policy may raise the highest number.
     */
    Optional<PolicyKey> holder(Edit edit) {
        return Optional.ofNullable(owners.get(Key.of(edit)))
                .filter(owner -> !isHighest(edit)
                        || owner.value.longValue() >= edit.value().longValue())
                .map(Owner::policy);
    }

    /** Whether the owner of what this edit adds wants the very same value. */
    boolean sameValue(Edit edit) {
        Owner owner = owners.get(Key.of(edit));
        return switch (edit.place().form()) {
            case CONTAINERS, OWNED, KEYED, UNNAMED, NAMES -> false; // Each policy adds an element of its own.
            case TEXTS, FIELDS -> owner != null && owner.value.equals(edit.value());
            case HIGHEST -> true; // Two numbers never contradict each other: the higher one satisfies both.
        };
    }

    /** The policy that mounts something at this path or above it in this app container, if any. */
    Optional<PolicyKey> mountAtOrAbove(String app, MountPath path) {
        return owners.entrySet().stream()
                .filter(owner -> owner.getKey().place == Place.MOUNTS
                        && owner.getKey().app.equals(app)
                        && covers(new MountPath(owner.getKey().key), path))
                .map(owner -> owner.getValue().policy)
                .findFirst();
    }

    private static boolean isHighest(Edit edit) {
        return edit.place().form() == Form.HIGHEST;
    }

    private static boolean covers(MountPath owned, MountPath path) {
        return owned.equals(path) || owned.isAbove(path);
    }
}

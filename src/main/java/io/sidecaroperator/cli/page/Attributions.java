package io.sidecaroperator.cli.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.receipt.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says which policy, by its number on the page, added a part to a template. */
final class Attributions {
    private record Key(Place place, String app, String key) {}

    private final Map<Key, String> numbers = new HashMap<>();

    private Attributions() {}

    /** Returns the attributions of everything that these policies add. Policies are numbered from 1. */
    static Attributions of(List<PolicyExplanation> policies) {
        Attributions attributions = new Attributions();
        for (int i = 0; i < policies.size(); i++) {
            String number = String.valueOf(i + 1);
            Explanation.given(policies.get(i).outcome())
                    .forEach(edit ->
                            attributions.numbers.putIfAbsent(new Key(edit.place(), edit.app(), edit.key()), number));
        }
        return attributions;
    }

    /** Returns the attribution of a part that was added to the pod. */
    Attribution ofPod(Place place, String key) {
        return ofApp(place, "", key);
    }

    /** Returns the attribution of an element that was added to a list of an app container. */
    Attribution ofApp(Place list, String app, ObjectNode element) {
        return ofApp(list, app, list.keyOf(element));
    }

    /**
     * Returns the attribution of a part that was added to an app container. Its number is empty when no edit of a
     * policy has this key.
     */
    Attribution ofApp(Place place, String app, String key) {
        return new Attribution(true, numbers.getOrDefault(new Key(place, app, key), ""));
    }
}

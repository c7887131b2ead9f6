package io.sidecaroperator.cli.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.receipt.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which policy, by its number on the page, added what to a template. */
final class Attributions {
    private record Key(Place place, String app, String key) {}

    private final Map<Key, String> numbers = new HashMap<>();

    private Attributions() {}

    /** The signs of everything that these policies add; they are counted from 1. */
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

    /** Something that was added to the pod. */
    Attribution ofPod(Place place, String key) {
        return ofApp(place, "", key);
    }

    /** An element that was added to a list of an app container. */
    Attribution ofApp(Place list, String app, ObjectNode element) {
        return ofApp(list, app, list.keyOf(element));
    }

    /** Something that was added to an app container; its number is empty where no single policy is to thank. */
    Attribution ofApp(Place place, String app, String key) {
        return new Attribution(true, numbers.getOrDefault(new Key(place, app, key), ""));
    }
}

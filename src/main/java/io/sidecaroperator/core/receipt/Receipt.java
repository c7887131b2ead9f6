package io.sidecaroperator.core.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the operator added to a template, written into the template itself as the annotation {@value #ANNOTATION}. It is
 * all that is needed to remove the parts again, with or without the operator.
 *
 * @param entries one for each policy, in the order of injection
 */
public record Receipt(Map<PolicyKey, Entry> entries) {
    /** The annotation on the pod template or Pod; compact JSON. */
    public static final String ANNOTATION = "sidecar-operator.io/receipt";

    /** The receipt of a template without parts of policies. */
    public static final Receipt EMPTY = new Receipt(Map.of());

    public Receipt {
        entries = immutable(entries);
    }

    /** What a list or map of the user's was before we added the first element. An absent one is not recorded. */
    public enum Was {
        EMPTY,
        NULL
    }

    /**
     * What was added to the pod, or to one app container.
     *
     * @param parts in the order in which they were added
     * @param was lists and maps that were empty or null before, by their key
     */
    public record Added(Map<Place, List<AddedPart>> parts, Map<String, Was> was) {
        public static final Added NOTHING = new Added(Map.of(), Map.of());

        public Added {
            parts = parts.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(parts));
            was = immutable(was);
        }

        /** The parts of one place. */
        public List<AddedPart> at(Place place) {
            return parts.getOrDefault(place, List.of());
        }

        /** The number of parts. */
        public int size() {
            return parts.values().stream().mapToInt(List::size).sum();
        }

        /** Whether it lists everything that the other lists. */
        public boolean includes(Added other) {
            return other.parts.entrySet().stream()
                    .allMatch(place -> at(place.getKey()).containsAll(place.getValue()));
        }

        /** The same, with only these places. */
        public Added only(Predicate<Place> places) {
            Map<Place, List<AddedPart>> fewer = new LinkedHashMap<>(parts);
            fewer.keySet().removeIf(places.negate());
            return new Added(fewer, was);
        }
    }

    /**
     * What one policy added.
     *
     * @param revision the policy's revision
     * @param engine the version of the renderer
     * @param toPods whether the policy has {@code injection: Pod}: the parts, if any, are on a Pod and never on a
     *     template
     * @param pod what was added to the pod
     * @param apps what was put into each selected app container, by its name
     * @param gracePeriod the pod's grace period, when it was raised
     */
    public record Entry(
            String revision,
            int engine,
            boolean toPods,
            Added pod,
            Map<String, Added> apps,
            Optional<Raised> gracePeriod) {
        public Entry {
            apps = immutable(apps);
        }

        /** The keys of what was added to one place of the pod, with hashes. */
        public Map<String, String> names(Place place) {
            Map<String, String> names = new LinkedHashMap<>();
            pod.at(place).forEach(part -> names.put(part.key(), part.hash()));
            return names;
        }

        /** The number of parts that were added. */
        public int size() {
            return pod.size() + apps.values().stream().mapToInt(Added::size).sum() + (gracePeriod.isPresent() ? 1 : 0);
        }
    }

    /** A number of the user's that was raised: the new value, and the earlier one; null where the field was absent. */
    public record Raised(long value, @Nullable JsonNode was) {}

    /** Names of every container that a policy added. */
    public Set<String> containerNames() {
        Set<String> names = new HashSet<>();
        for (Entry entry : entries.values()) {
            Place.CONTAINER_LISTS.forEach(list -> entry.pod().at(list).forEach(part -> names.add(part.key())));
        }
        return names;
    }

    /** Whether a policy leaves its parts to the pods of this template. */
    public boolean leavesToPods() {
        return entries.values().stream().anyMatch(Entry::toPods);
    }

    /** The same receipt without the entries of these policies. */
    public Receipt without(Set<PolicyKey> policies) {
        Map<PolicyKey, Entry> fewer = new LinkedHashMap<>(entries);
        fewer.keySet().removeAll(policies);
        return fewer.size() == entries.size() ? this : new Receipt(fewer);
    }

    /** The same receipt with one more entry. */
    public Receipt with(PolicyKey policy, Entry entry) {
        Map<PolicyKey, Entry> more = new LinkedHashMap<>(entries);
        more.put(policy, entry);
        return new Receipt(more);
    }

    private static <K, V> Map<K, V> immutable(Map<K, V> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}

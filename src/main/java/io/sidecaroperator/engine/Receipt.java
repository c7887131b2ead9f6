package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the operator added to a template, written into the template itself as the annotation
 * {@value #ANNOTATION}: all that is needed to take it away again, with or without the operator.
 *
 * @param entries one for each policy, in the order of injection
 */
public record Receipt(Map<PolicyKey, Entry> entries) {
    /** The annotation on the pod template or Pod; compact JSON. */
    public static final String ANNOTATION = "sidecar-operator.io/receipt";

    /** The receipt of a template that carries nothing. */
    public static final Receipt EMPTY = new Receipt(Map.of());

    public Receipt {
        entries = immutable(entries);
    }

    /** What a list or map of the user's was before we added the first element; absent is not written down. */
    public enum Was {
        EMPTY,
        NULL
    }

    /**
     * What one policy added. Hashes are of the rendered value, in the form that is the same before and after the API
     * server stored it.
     *
     * @param revision the policy's revision
     * @param engine the number of the engine that rendered
     * @param toPods whether the policy has {@code injection: Pod}: the parts, if any, are on a Pod and never on a
     *     template
     * @param parts names of the containers, init containers and volumes added, each with the hash of what was rendered
     * @param apps what was put into each selected app container, by its name
     * @param metadata labels and annotations added, each with the hash of its value
     * @param pullSecrets names of image pull secrets added
     * @param gracePeriod the pod's grace period, when it was raised
     * @param was lists and maps that were empty or null before, by their key
     */
    public record Entry(
            String revision,
            int engine,
            boolean toPods,
            Map<Part, Map<String, String>> parts,
            Map<String, AppPart> apps,
            Map<Edit.MetadataMap, Map<String, String>> metadata,
            List<String> pullSecrets,
            Optional<Raised> gracePeriod,
            Map<String, Was> was) {
        public Entry {
            parts = immutable(parts);
            apps = immutable(apps);
            metadata = immutable(metadata);
            pullSecrets = List.copyOf(pullSecrets);
            was = immutable(was);
        }

        /** Names of one kind of part, with hashes. */
        public Map<String, String> names(Part part) {
            return parts.getOrDefault(part, Map.of());
        }

        /** Labels or annotations added, with hashes. */
        public Map<String, String> names(Edit.MetadataMap map) {
            return metadata.getOrDefault(map, Map.of());
        }
    }

    /** A number of the user's that was raised: to what, and what was there before; null where nothing was. */
    public record Raised(long value, @Nullable JsonNode was) {}

    /** The keyed lists of a pod spec that whole parts are added to. */
    public enum Part {
        CONTAINERS("containers"),
        INIT_CONTAINERS("initContainers"),
        VOLUMES("volumes");

        private final String key;

        Part(String key) {
            this.key = key;
        }

        /** The key in the pod spec. */
        public String key() {
            return key;
        }
    }

    /**
     * What was put inside one app container: mounts by path, environment variables by name and defaults by field, each
     * with the hash of its value; {@code envFrom} sources by hash alone.
     */
    public record AppPart(
            Map<String, String> mounts,
            Map<String, String> env,
            List<String> envFrom,
            Map<String, String> defaults,
            Map<String, Was> was) {
        static final AppPart NOTHING = new AppPart(Map.of(), Map.of(), List.of(), Map.of(), Map.of());

        public AppPart {
            mounts = immutable(mounts);
            env = immutable(env);
            envFrom = List.copyOf(envFrom);
            defaults = immutable(defaults);
            was = immutable(was);
        }
    }

    /** Names of every container that some policy added. */
    public Set<String> containerNames() {
        Set<String> names = new HashSet<>();
        for (Entry entry : entries.values()) {
            names.addAll(entry.names(Part.CONTAINERS).keySet());
            names.addAll(entry.names(Part.INIT_CONTAINERS).keySet());
        }
        return names;
    }

    /** Whether a policy leaves its parts to the pods of this template. */
    public boolean leavesToPods() {
        return entries.values().stream().anyMatch(Entry::toPods);
    }

    /** The same receipt without the entries of these policies. */
    Receipt without(Set<PolicyKey> policies) {
        Map<PolicyKey, Entry> fewer = new LinkedHashMap<>(entries);
        fewer.keySet().removeAll(policies);
        return fewer.size() == entries.size() ? this : new Receipt(fewer);
    }

    /** The same receipt with one entry more. */
    Receipt with(PolicyKey policy, Entry entry) {
        Map<PolicyKey, Entry> more = new LinkedHashMap<>(entries);
        more.put(policy, entry);
        return new Receipt(more);
    }

    private static <K, V> Map<K, V> immutable(Map<K, V> map) {
        return map.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}

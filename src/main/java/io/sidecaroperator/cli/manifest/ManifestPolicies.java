package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.PolicySource;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.policy.validation.Finding;
import io.sidecaroperator.core.policy.validation.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The checked policies of one run. A namespaced policy that does not name a namespace counts in the namespace of the
 * workload.
 */
public final class ManifestPolicies {
    public static final String GROUP = "sidecar-operator.io";
    static final String API_VERSION = GROUP + "/v1alpha1";
    private static final String NAMESPACED = "SidecarPolicy";
    static final Set<String> KINDS = Set.of(NAMESPACED, "ClusterSidecarPolicy");

    /** Enough for documents in any sensible order; an index is compiled again quickly. */
    private static final int MOST_BOOKS = 64;

    private final List<ManifestObject> objects;
    /** Whether every policy names its namespace, so that one index serves all. */
    private final boolean oneIndex;

    private final Map<String, PolicyIndex> indexes = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PolicyIndex> eldest) {
            return size() > MOST_BOOKS;
        }
    };
    private final IdentityHashMap<ManifestObject, CompiledPolicy> compiledOnce = new IdentityHashMap<>();
    /** The keys of a policy in the indexes: several for a policy that does not name a namespace. */
    private final IdentityHashMap<ManifestObject, Set<PolicyKey>> keys = new IdentityHashMap<>();

    private final List<String> warnings;
    private final Set<ManifestObject> given = Collections.newSetFromMap(new IdentityHashMap<>());

    private ManifestPolicies(List<ManifestObject> objects, List<ManifestObject> given, List<String> warnings) {
        this.objects = objects;
        this.given.addAll(given);
        this.oneIndex = objects.stream().noneMatch(ManifestPolicies::isAnywhere);
        this.warnings = warnings;
    }

    /** Whether the object has the kind of a policy, in any group. */
    public static boolean isPolicy(ManifestObject object) {
        return KINDS.contains(object.kind());
    }

    /**
     * Checks the policies of the input and those of the option, and removes duplicates.
     *
     * @throws InputException with all findings about all policies
     */
    public static ManifestPolicies of(List<ManifestObject> input, List<ManifestObject> given) {
        Check check = new Check();
        given.forEach(check::given);
        input.stream().filter(ManifestPolicies::isOurs).forEach(check::add);
        if (!check.problems.isEmpty()) {
            throw new InputException(String.join("\n", check.problems));
        }
        return new ManifestPolicies(List.copyOf(check.byName.values()), given, check.warnings);
    }

    /**
     * Whether the object is a policy by kind and group. A kind of the same name in another group is not checked when it
     * is only part of the input.
     */
    private static boolean isOurs(ManifestObject object) {
        return isPolicy(object) && object.group().equals(GROUP);
    }

    public boolean isEmpty() {
        return objects.isEmpty();
    }

    /** Returns what is probably a mistake in valid policies. */
    public List<String> warnings() {
        return warnings;
    }

    /** Returns the policies that have no key among these. */
    public List<ManifestObject> unmatched(Set<PolicyKey> matched) {
        return objects.stream()
                .filter(object -> Collections.disjoint(keys.getOrDefault(object, Set.of()), matched))
                .toList();
    }

    /** Whether the policy was given by the option, so that it should have an effect. */
    public boolean isGiven(ManifestObject policy) {
        return given.contains(policy);
    }

    /** Returns the index of the policies for workloads of a namespace. */
    public PolicyIndex index(String namespace) {
        String key = oneIndex ? "" : namespace;
        PolicyIndex index = indexes.get(key);
        if (index == null) {
            index = compile(namespace);
            indexes.put(key, index);
        }
        return index;
    }

    /** Returns the sources of the policies of that index. */
    public Map<PolicyKey, PolicySource> sources(String namespace) {
        Map<PolicyKey, PolicySource> sources = new HashMap<>();
        for (ManifestObject object : objects) {
            ObjectNode tree = isAnywhere(object) ? placed(object.tree(), namespace) : object.tree();
            sources.put(PolicyCompiler.keyOf(tree), new PolicySource(object.where(), object.tree()));
        }
        return sources;
    }

    private PolicyIndex compile(String namespace) {
        Map<PolicyKey, CompiledPolicy> compiled = new LinkedHashMap<>();
        for (ManifestObject object : objects) {
            try {
                CompiledPolicy policy = isAnywhere(object)
                        ? PolicyCompiler.compile(placed(object.tree(), namespace))
                        : compiledOnce.computeIfAbsent(object, one -> PolicyCompiler.compile(one.tree()));
                keys.computeIfAbsent(object, none -> new HashSet<>()).add(policy.key());
                if (compiled.putIfAbsent(policy.key(), policy) != null) {
                    throw new InputException(
                            object.where() + ": " + object.name() + " without a namespace is, in namespace " + namespace
                                    + ", a second policy of that name; give it a namespace");
                }
            } catch (IllegalArgumentException e) {
                throw new InputException(object.where() + ": " + e.getMessage());
            }
        }
        return PolicyIndex.of(compiled.values());
    }

    private static ObjectNode placed(ObjectNode policy, String namespace) {
        ObjectNode copy = policy.deepCopy();
        copy.withObject("/metadata").put("namespace", namespace);
        return copy;
    }

    /** Whether a namespaced policy does not name a namespace, so that it counts in the workload's namespace. */
    private static boolean isAnywhere(ManifestObject policy) {
        String own = Json.textAt(policy.tree().path("metadata"), "namespace");
        return NAMESPACED.equals(policy.kind()) && (own == null || own.isEmpty());
    }

    /** The findings while policies are collected. */
    private static final class Check {
        final Map<String, ManifestObject> byName = new LinkedHashMap<>();
        final List<String> problems = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();

        void given(ManifestObject object) {
            if (isPolicy(object)) {
                add(object);
            } else {
                problems.add(object.where() + ": is a " + object.kind() + "; --policy takes files of policies only");
            }
        }

        void add(ManifestObject object) {
            String name = object.name();
            if (!object.apiVersion().equals(API_VERSION)) {
                problems.add(object.where() + ": " + name + ": apiVersion is " + object.apiVersion() + ", expected "
                        + API_VERSION);
                return;
            }
            for (Finding finding : Crds.validator().validate(object.tree())) {
                boolean error = finding.severity() == Severity.ERROR;
                (error ? problems : warnings).add(object.where() + ": " + name + ": " + finding);
            }
            String namespace = Json.textAt(object.tree().path("metadata"), "namespace");
            ManifestObject other = byName.putIfAbsent((namespace == null ? "" : namespace + "/") + name, object);
            if (other != null && !other.tree().equals(object.tree())) {
                problems.add(object.where() + ": " + name + " is also, and not the same, in " + other.where());
            }
        }
    }
}

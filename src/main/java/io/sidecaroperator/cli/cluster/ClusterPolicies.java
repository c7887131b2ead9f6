package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.manifest.Crds;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.ManifestObject;
import io.sidecaroperator.cli.manifest.ManifestPolicies;
import io.sidecaroperator.core.explain.PolicySet;
import io.sidecaroperator.core.explain.PolicySource;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.validation.Severity;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The policies of a cluster, overlaid with those of files as {@code kubectl apply} would apply them. */
public final class ClusterPolicies {
    private final Map<PolicyKey, ObjectNode> policies = new LinkedHashMap<>();
    private final Map<PolicyKey, String> places = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /** Adds a policy of the cluster. An invalid policy is reported and has no effect, as in the operator. */
    public void add(ObjectNode policy) {
        PolicyKey key = PolicyCompiler.keyOf(policy);
        List<String> problems = Crds.validator().validate(policy).stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .map(finding -> "policy " + key + " of the cluster: " + finding)
                .toList();
        if (problems.isEmpty()) {
            policies.put(key, policy);
        } else {
            warnings.addAll(problems);
        }
    }

    /**
     * Returns the objects of policy files.
     *
     * @throws InputException with all findings about all objects
     */
    public static List<ManifestObject> read(List<Document> documents, List<String> warnings) {
        return check(ManifestObject.of(documents), warnings);
    }

    /** The same for objects. */
    static List<ManifestObject> check(List<ManifestObject> objects, List<String> warnings) {
        for (ManifestObject object : objects) {
            if (!ManifestPolicies.isPolicy(object)) {
                throw new InputException(object.where() + ": is a " + object.kind()
                        + "; with --cluster these files hold policies only, workloads are those of the cluster");
            }
        }
        warnings.addAll(ManifestPolicies.of(List.of(), objects).warnings());
        return objects;
    }

    /**
     * Adds policies of files, which were checked before.
     *
     * @param namespace the namespace of those that do not name one
     */
    public void apply(List<ManifestObject> given, String namespace) {
        for (ManifestObject object : given) {
            ObjectNode policy = object.tree().deepCopy();
            ObjectNode metadata = policy.withObject("/metadata");
            String own = Json.textAt(metadata, "namespace");
            if (own == null || own.isEmpty()) {
                metadata.put("namespace", namespace);
            }
            PolicyKey key = PolicyCompiler.keyOf(policy);
            apply(policy, metadata, policies.get(key));
            policies.put(key, policy);
            places.put(key, object.where());
        }
    }

    /** Keeps the status and the deletion of a policy, because an apply does not change them. */
    private static void apply(ObjectNode policy, ObjectNode metadata, @Nullable ObjectNode before) {
        policy.remove("status");
        if (before != null) {
            JsonNode status = before.get("status");
            JsonNode deleted = before.path("metadata").get("deletionTimestamp");
            if (status != null) {
                policy.set("status", status);
            }
            if (deleted != null) {
                metadata.set("deletionTimestamp", deleted);
            }
        }
    }

    /** Whether the object is a policy of this project's API. */
    static boolean isOurs(ManifestObject object) {
        return ManifestPolicies.isPolicy(object) && object.group().equals(ManifestPolicies.GROUP);
    }

    /** Returns the source of each policy. */
    Map<PolicyKey, PolicySource> sources() {
        Map<PolicyKey, PolicySource> sources = new HashMap<>();
        policies.forEach((key, tree) ->
                sources.put(key, new PolicySource(places.getOrDefault(key, PolicySource.CLUSTER), tree)));
        return sources;
    }

    /** Returns these policies as the cluster has them. */
    Map<PolicyKey, ObjectNode> trees(Collection<PolicyKey> keys) {
        Map<PolicyKey, ObjectNode> trees = new LinkedHashMap<>(policies);
        trees.keySet().retainAll(keys);
        return trees;
    }

    /** Whether the operator's status is about the policy as it is now. */
    boolean isTakenUp(PolicyKey key) {
        ObjectNode policy = policies.get(key);
        if (policy == null || places.containsKey(key)) {
            return false;
        }
        JsonNode generation = policy.path("metadata").path("generation");
        JsonNode observed = policy.path("status").path("observedGeneration");
        return generation.isNumber() && observed.isNumber() && generation.asLong() == observed.asLong();
    }

    public boolean isEmpty() {
        return policies.isEmpty();
    }

    /** Returns what is wrong with policies of the cluster. */
    public List<String> warnings() {
        return warnings;
    }

    public PolicySet set() {
        return PolicySet.of(policies.values());
    }
}

package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.rollout.RevisionHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads earlier revisions of policies, which the operator stores in ControllerRevisions. */
final class EarlierRevisions {
    private final ClusterApi api;
    private final String operatorNamespace;
    private final List<String> unread = new ArrayList<>();

    /**
     * @param operatorNamespace the namespace with the revisions of cluster policies
     */
    EarlierRevisions(ClusterApi api, String operatorNamespace) {
        this.api = api;
        this.operatorNamespace = operatorNamespace;
    }

    /** Returns what may not be read, and what that means for the result. */
    List<String> unread() {
        return unread;
    }

    /** Returns the revisions of these policies by their hashes. */
    Map<PolicyKey, Map<String, CompiledPolicy>> of(Map<PolicyKey, ObjectNode> policies) {
        Map<PolicyKey, Map<String, CompiledPolicy>> kept = new LinkedHashMap<>();
        policies.forEach((key, policy) -> kept.put(key, of(key, policy)));
        return kept;
    }

    private Map<String, CompiledPolicy> of(PolicyKey key, ObjectNode policy) {
        Map<String, CompiledPolicy> found = new HashMap<>();
        String namespace = key.namespace().isEmpty() ? operatorNamespace : key.namespace();
        String path = "/apis/apps/v1/namespaces/" + namespace + "/controllerrevisions";
        try {
            api.each(
                    path,
                    RevisionHistory.LABEL,
                    object -> read(policy, object).ifPresent(revision -> found.put(revision.revision(), revision)));
        } catch (ClusterApi.ForbiddenException e) {
            unread.add("may not list controllerrevisions.apps in namespace " + namespace
                    + ": what earlier revisions of policy " + key + " add is not known");
        }
        return found;
    }

    /** Returns the revision that an object stores. Empty when it belongs to another policy or cannot be compiled. */
    private static Optional<CompiledPolicy> read(ObjectNode policy, ObjectNode object) {
        String uid = Json.textAt(policy.path("metadata"), "uid");
        ObjectNode spec = Json.objectAt(object.path("data"), "spec");
        boolean own = uid != null
                && Json.objects(object.path("metadata"), "ownerReferences")
                        .anyMatch(owner -> uid.equals(Json.textAt(owner, "uid")));
        try {
            return own && spec != null
                    ? Optional.of(PolicyCompiler.compile(PolicyCompiler.withInjectable(policy, spec)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

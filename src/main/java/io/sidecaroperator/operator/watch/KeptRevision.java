package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.rollout.RevisionHistory;
import java.util.Locale;
import java.util.Optional;

/**
 * One revision of a policy, as a ControllerRevision stores it. Its content is not checked against its label here.
 *
 * @param policy the policy that the object names as its owner
 * @param owner the uid of that policy, as the object names it
 * @param uid the uid of the object itself
 * @param entry its name, hash and number
 * @param spec the injectable part of the policy's spec
 */
record KeptRevision(
        PolicyKey policy, String owner, String namespace, String uid, RevisionHistory.Revision entry, ObjectNode spec) {
    /**
     * The label that names the revision. By it the operator finds its own ControllerRevisions among those of others.
     */
    static final String LABEL = RevisionHistory.LABEL;

    static final String API_VERSION = "apps/v1";
    static final String KIND = "ControllerRevision";

    private static final String GROUP = "sidecar-operator.io/";
    private static final String OF_CLUSTER = "ClusterSidecarPolicy";
    private static final String OF_NAMESPACE = "SidecarPolicy";
    private static final int LONGEST_POLICY_NAME = 150;
    private static final int HASH_DIGITS = 8;

    /**
     * Reads an object that has the label. Empty when it has no policy as its owner, or is not in the namespace where
     * that policy's revisions are stored.
     */
    static Optional<KeptRevision> of(GenericKubernetesResource object, String operatorNamespace) {
        ObjectMeta metadata = object.getMetadata();
        String label =
                metadata.getLabels() == null ? null : metadata.getLabels().get(LABEL);
        if (label == null) {
            return Optional.empty();
        }
        // Parse numbers with the project's own mapper, so that the hash equals that of the policy.
        JsonNode tree = Json.parse(Json.text(Json.MAPPER.valueToTree(object.getAdditionalProperties())));
        ObjectNode spec = Json.objectAt(tree.get("data"), "spec");
        RevisionHistory.Revision entry = new RevisionHistory.Revision(
                metadata.getName(), label, tree.path("revision").asLong(0));
        return metadata.getOwnerReferences().stream()
                .flatMap(owner -> policy(owner, metadata.getNamespace(), operatorNamespace)
                        .map(policy -> new KeptRevision(
                                policy,
                                owner.getUid(),
                                metadata.getNamespace(),
                                metadata.getUid(),
                                entry,
                                spec == null ? Json.object() : spec))
                        .stream())
                .findFirst();
    }

    /** Returns the object that stores the present revision of a policy. */
    static ObjectNode manifest(
            CustomResource<JsonNode, JsonNode> policy, String revision, long number, String namespace) {
        ObjectMeta owner = policy.getMetadata();
        ObjectNode object = Json.object().put("apiVersion", API_VERSION).put("kind", KIND);
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", name(policy.getKind(), owner.getName(), owner.getUid(), revision));
        metadata.put("namespace", namespace);
        metadata.putObject("labels").put(LABEL, revision);
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", policy.getApiVersion())
                .put("kind", policy.getKind())
                .put("name", owner.getName())
                .put("uid", owner.getUid())
                .put("controller", true);
        ObjectNode spec = policy.getSpec() instanceof ObjectNode given ? given : Json.object();
        object.putObject("data").set("spec", PolicyCompiler.injectable(spec));
        return object.put("revision", number);
    }

    /**
     * Returns the name of the object, always the same for the same input. A policy that was deleted and created again
     * gets another name, because its former revisions may still exist.
     */
    static String name(String kind, String policy, String uid, String revision) {
        String hash = Canonical.hash(Json.array().add(kind).add(policy).add(uid), HASH_DIGITS);
        String shortened = policy.substring(0, Math.min(policy.length(), LONGEST_POLICY_NAME))
                .replace('.', '-');
        return kind.toLowerCase(Locale.ROOT) + "-" + shortened + "-" + hash + "-" + revision;
    }

    private static Optional<PolicyKey> policy(OwnerReference owner, String namespace, String operatorNamespace) {
        if (owner.getUid() == null
                || owner.getApiVersion() == null
                || !owner.getApiVersion().startsWith(GROUP)) {
            return Optional.empty();
        }
        if (OF_NAMESPACE.equals(owner.getKind())) {
            return Optional.of(new PolicyKey(namespace, owner.getName()));
        }
        return OF_CLUSTER.equals(owner.getKind()) && namespace.equals(operatorNamespace)
                ? Optional.of(new PolicyKey("", owner.getName()))
                : Optional.empty();
    }
}

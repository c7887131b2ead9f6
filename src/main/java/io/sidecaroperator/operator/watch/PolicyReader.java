package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.DeletionPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.rollout.RolloutRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads policies from the objects of the watch. */
public final class PolicyReader {
    private final Function<ObjectNode, List<String>> validation;
    private final RevisionCache revisions;

    /**
     * @param validation returns what is wrong with a policy object, each problem a sentence that names its field
     * @param revisions the stored earlier revisions of policies
     */
    public PolicyReader(Function<ObjectNode, List<String>> validation, RevisionCache revisions) {
        this.validation = validation;
        this.revisions = revisions;
    }

    /** Reads a policy with its stored revisions. */
    KnownPolicy read(CustomResource<JsonNode, JsonNode> resource) {
        // Parse numbers with the project's own mapper, so that every adapter sees the same tree.
        ObjectNode tree = (ObjectNode) Json.parse(Json.text(Trees.of(resource)));
        List<String> problems = validation.apply(tree);
        if (!problems.isEmpty()) {
            return shallow(resource, Optional.empty(), Map.of(), problems);
        }
        try {
            CompiledPolicy compiled = PolicyCompiler.compile(tree);
            return shallow(resource, Optional.of(compiled), kept(tree, resource, compiled), List.of());
        } catch (RuntimeException e) {
            return shallow(
                    resource, Optional.empty(), Map.of(), List.of("the policy cannot be compiled: " + e.getMessage()));
        }
    }

    private Map<String, CompiledPolicy> kept(
            ObjectNode tree, CustomResource<JsonNode, JsonNode> resource, CompiledPolicy compiled) {
        String uid = resource.getMetadata().getUid();
        return uid == null ? Map.of() : revisions.compiled(tree, uid, compiled.revision());
    }

    /** Returns the parts of a policy that need no compiling, with the parts that are compiled already. */
    static KnownPolicy shallow(
            CustomResource<JsonNode, JsonNode> resource,
            Optional<CompiledPolicy> compiled,
            Map<String, CompiledPolicy> kept,
            List<String> problems) {
        ObjectMeta metadata = resource.getMetadata();
        JsonNode spec = resource.getSpec() == null ? Json.object() : resource.getSpec();
        return new KnownPolicy(
                KnownPolicy.keyOf(metadata),
                metadata.getUid() == null ? "" : metadata.getUid(),
                metadata.getGeneration() == null ? 0 : metadata.getGeneration(),
                metadata.getDeletionTimestamp() != null,
                resource.hasFinalizer(KnownPolicy.FINALIZER),
                DeletionPolicy.of(spec),
                problems.isEmpty() ? RolloutRules.of(spec) : RolloutRules.DEFAULT,
                Optional.ofNullable(metadata.getAnnotations()).map(annotations -> annotations.get(KnownPolicy.APPROVE)),
                compiled,
                kept,
                problems);
    }
}

package io.sidecaroperator.core.explain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.DeletionPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.policy.PolicyState;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The policies of a preview: in their present state, and as if their owners released everything that is pending. */
public final class PolicySet {
    private final List<ObjectNode> present;
    private final PolicyIndex.Terminating terminating;
    private final PolicyIndex asStored;
    private final PolicyIndex released;
    private final Map<PolicyKey, PolicyIndex> alone = new HashMap<>();

    private PolicySet(List<ObjectNode> present, PolicyIndex.Terminating terminating) {
        this.present = present;
        this.terminating = terminating;
        this.asStored = index(policy -> policy);
        this.released = index(PolicySet::released);
    }

    /**
     * Returns the set of these policy objects, which validation has found valid.
     *
     * @throws IllegalArgumentException when one of them is not a policy after all
     */
    public static PolicySet of(Collection<ObjectNode> policies) {
        Predicate<ObjectNode> deleting = policy -> policy.path("metadata").hasNonNull("deletionTimestamp");
        Set<PolicyKey> removed = new HashSet<>();
        Set<PolicyKey> orphaned = new HashSet<>();
        policies.stream().filter(deleting).forEach(policy -> {
            DeletionPolicy deletionPolicy = DeletionPolicy.of(policy.path("spec"));
            if (deletionPolicy == DeletionPolicy.DELETE) {
                removed.add(PolicyCompiler.keyOf(policy));
            } else if (deletionPolicy == DeletionPolicy.ORPHAN) {
                orphaned.add(PolicyCompiler.keyOf(policy));
            }
        });
        return new PolicySet(
                policies.stream().filter(deleting.negate()).toList(), new PolicyIndex.Terminating(removed, orphaned));
    }

    /** The policies in their present state, as the operator uses them. */
    public PolicyIndex asStored() {
        return asStored;
    }

    /**
     * The policies as the operator would use them if none were in Audit, paused or waiting for its workloads' owners.
     */
    PolicyIndex released() {
        return released;
    }

    /** The policy index in which only this policy acts, and every other one only evaluates. */
    PolicyIndex alone(PolicyKey only) {
        return alone.computeIfAbsent(
                only,
                key -> index(policy -> key.equals(PolicyCompiler.keyOf(policy)) ? released(policy) : audited(policy)));
    }

    /** Why the policy is pending by its owner's choice, if so. */
    Optional<Reason> pendingOf(PolicyKey key) {
        PolicyState state = asStored.find(key).map(CompiledPolicy::state).orElse(PolicyState.FRESH);
        if (state.audit()) {
            return Optional.of(Reason.Audited);
        } else if (state.paused()) {
            return Optional.of(Reason.Paused);
        }
        return state.onNextRollout() ? Optional.of(Reason.AwaitsOwner) : Optional.empty();
    }

    private PolicyIndex index(UnaryOperator<ObjectNode> change) {
        return PolicyIndex.of(
                present.stream().map(change).map(PolicyCompiler::compile).toList(), terminating);
    }

    private static ObjectNode released(ObjectNode policy) {
        ObjectNode copy = policy.deepCopy();
        ObjectNode spec = Json.objectAt(copy, "spec");
        if (spec != null) {
            spec.remove("mode");
            if (spec.get("rollout") instanceof ObjectNode rollout) {
                rollout.remove(List.of("paused", "strategy"));
            }
        }
        return copy;
    }

    private static ObjectNode audited(ObjectNode policy) {
        ObjectNode copy = policy.deepCopy();
        copy.withObject("/spec").put("mode", "Audit");
        return copy;
    }
}

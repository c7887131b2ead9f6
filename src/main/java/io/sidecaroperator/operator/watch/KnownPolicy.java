package io.sidecaroperator.operator.watch;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.sidecaroperator.api.v1alpha1.PolicyFinalizer;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.DeletionPolicy;
import io.sidecaroperator.core.policy.PolicyCost;
import io.sidecaroperator.core.policy.PolicyState;
import io.sidecaroperator.core.rollout.RolloutHealth;
import io.sidecaroperator.core.rollout.RolloutRules;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import io.sidecaroperator.core.status.PolicyView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One policy as it was last seen.
 *
 * @param rules how its workloads are changed
 * @param approved the revision that a person has approved to continue despite failures
 * @param finalized whether the policy has the operator's finalizer. Only then a workload is changed for it, because
 *     only then it is certain that the added parts can be removed again
 * @param kept its earlier revisions by their hashes, with its present selection
 */
public record KnownPolicy(
        PolicyKey key,
        String uid,
        long generation,
        boolean deleting,
        boolean finalized,
        DeletionPolicy deletionPolicy,
        RolloutRules rules,
        Optional<String> approved,
        Optional<CompiledPolicy> compiled,
        Map<String, CompiledPolicy> kept,
        List<String> problems) {
    /** The finalizer that keeps a policy until the parts that it added are removed. */
    public static final String FINALIZER = PolicyFinalizer.NAME;

    /** The annotation on a policy that lets a revision continue despite failures. Its value is the revision. */
    static final String APPROVE = "sidecar-operator.io/approve";

    /**
     * Returns what the status says about the policy itself.
     *
     * @param notKept why its revision cannot be stored for later; empty when it can
     */
    public PolicyView view(Optional<String> notKept) {
        return new PolicyView(
                key,
                generation,
                compiled.map(CompiledPolicy::revision),
                problems,
                deleting,
                compiled.map(CompiledPolicy::state).orElse(PolicyState.FRESH),
                rules,
                approved,
                compiled.map(PolicyCost::of).orElse(PolicyCost.NONE),
                notKept);
    }

    /** Returns what the rollouts of its workloads need to know about the policy. */
    public RolloutHealth.Terms terms() {
        Optional<String> revision = deleting ? Optional.empty() : compiled.map(CompiledPolicy::revision);
        return new RolloutHealth.Terms(revision, rules, revision.isPresent() && revision.equals(approved));
    }

    /**
     * Whether the policy rolls back the revision that this rollout brought, if it has failed: only the revision that it
     * injects now.
     */
    public boolean mayTakeBack(WorkloadRollout workloadRollout) {
        return !deleting
                && rules.onFailure() == RolloutRules.OnFailure.ROLLBACK
                && workloadRollout.change().to().equals(compiled.map(CompiledPolicy::revision));
    }

    /** Whether the revision that it injects now is known to have failed. */
    public boolean hasFailed() {
        return !deleting && compiled.filter(CompiledPolicy::hasFailed).isPresent();
    }

    KnownPolicy withProgress(Optional<String> proven, Optional<String> failed) {
        Map<String, CompiledPolicy> earlier = new HashMap<>(kept);
        earlier.replaceAll((revision, policy) -> policy.withProgress(proven, failed));
        return with(compiled.map(policy -> policy.withProgress(proven, failed)), earlier);
    }

    KnownPolicy with(Optional<CompiledPolicy> newer, Map<String, CompiledPolicy> earlier) {
        return new KnownPolicy(
                key,
                uid,
                generation,
                deleting,
                finalized,
                deletionPolicy,
                rules,
                approved,
                newer,
                Map.copyOf(earlier),
                problems);
    }

    boolean sameAs(KnownPolicy other) {
        return uid.equals(other.uid)
                && generation == other.generation
                && deleting == other.deleting
                && approved.equals(other.approved)
                && finalized == other.finalized;
    }

    /** Returns the key of an object. */
    public static PolicyKey keyOf(ObjectMeta metadata) {
        return new PolicyKey(metadata.getNamespace() == null ? "" : metadata.getNamespace(), metadata.getName());
    }
}

package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import java.util.Optional;
import java.util.Set;

/** Why the engine runs. What a template may be given, and which parts count as retained, depends on it. */
public sealed interface Trigger {
    /** Returns the revision of a policy for a workload that the policy selects and that can take it. */
    RevisionChoice choice(CompiledPolicy policy);

    /** Whether a policy may take over parts without a receipt. Doing so writes a receipt. */
    default boolean mayAdopt(CompiledPolicy policy) {
        return true;
    }

    /** The stored template, when another client changes it. */
    default Optional<ObjectNode> stored() {
        return Optional.empty();
    }

    /** The template whose parts count as retained. */
    default ObjectNode baseline(ObjectNode template) {
        return stored().orElse(template);
    }

    /** Whether the receipt says what the workload has. A receipt that was copied with a new workload does not. */
    default boolean trustsReceipt() {
        return true;
    }

    /** Whether the receipt, instead of selectors, says which policies reach the template. */
    default boolean followsReceipt() {
        return false;
    }

    /** Whether the template is new or changes anyway, so that due changes may go along. */
    default boolean isChange() {
        return true;
    }

    /** Whether a policy has to wait for its update permission. */
    default boolean isQueued(PolicyKey policy) {
        return false;
    }

    /** Whether the workload is in a cluster, or about to be created there. */
    default boolean isInCluster() {
        return true;
    }

    /**
     * The operator reconciles a stored workload by itself. Parts of unknown policies stay: a lost permission or a
     * reinstalled CRD must not restart pods.
     *
     * @param permitted which policies may give this workload another revision now, or remove their parts
     * @param failed policies whose failed revision this workload was given, without its rollout ever completing
     */
    record Resync(PermittedPolicies permitted, Set<PolicyKey> failed) implements Trigger {
        /** Every policy is permitted. */
        public static final Resync FREELY = new Resync(PermittedPolicies.OF_ALL, Set.of());

        public Resync {
            failed = Set.copyOf(failed);
        }

        @Override
        public RevisionChoice choice(CompiledPolicy policy) {
            return RevisionChoice.onReconcile(policy, failed.contains(policy.key()), isQueued(policy.key()));
        }

        /**
         * Putting a lost receipt back repairs the workload. What the receipt says is applied once that is permitted.
         */
        @Override
        public boolean mayAdopt(CompiledPolicy policy) {
            RevisionChoice choice = choice(policy);
            return choice.target() == RevisionChoice.TargetRevision.NEWEST
                    || choice.why().equals(Optional.of(Reason.AwaitsTurn));
        }

        @Override
        public boolean isChange() {
            return false;
        }

        @Override
        public boolean isQueued(PolicyKey policy) {
            return !permitted.isOf(policy);
        }
    }

    /**
     * The policies that may update a workload now.
     *
     * @param others whether every policy is permitted except the named ones, or only the named ones
     */
    record PermittedPolicies(boolean others, Set<PolicyKey> named) {
        /** Every policy is permitted. */
        public static final PermittedPolicies OF_ALL = ofAllBut(Set.of());

        public PermittedPolicies {
            named = Set.copyOf(named);
        }

        /** Only these policies are permitted. */
        public static PermittedPolicies of(Set<PolicyKey> policies) {
            return new PermittedPolicies(false, policies);
        }

        /** Every policy is permitted except these. */
        public static PermittedPolicies ofAllBut(Set<PolicyKey> policies) {
            return new PermittedPolicies(true, policies);
        }

        /** Whether the policy may change the workload now. */
        public boolean isOf(PolicyKey policy) {
            return named.contains(policy) != others;
        }
    }

    /** A client creates a workload or a Pod. It has no parts yet, whatever a copied receipt says. */
    record Create() implements Trigger {
        @Override
        public RevisionChoice choice(CompiledPolicy policy) {
            return RevisionChoice.onCreate(policy);
        }

        @Override
        public boolean trustsReceipt() {
            return false;
        }
    }

    /**
     * Another client changes a stored workload.
     *
     * @param before the stored template
     */
    record Update(ObjectNode before) implements Trigger {
        @Override
        public RevisionChoice choice(CompiledPolicy policy) {
            return RevisionChoice.onUpdate(policy);
        }

        @Override
        public Optional<ObjectNode> stored() {
            return Optional.of(before);
        }
    }

    /** A manifest outside of a cluster. */
    record Offline() implements Trigger {
        @Override
        public RevisionChoice choice(CompiledPolicy policy) {
            return RevisionChoice.inManifest(policy);
        }

        @Override
        public boolean isInCluster() {
            return false;
        }
    }

    /**
     * A Pod is created from a template that the operator manages. Its receipt says what the template gave it, and which
     * policies are left to the Pod.
     */
    record ManagedPod() implements Trigger {
        @Override
        public RevisionChoice choice(CompiledPolicy policy) {
            return RevisionChoice.NEWEST;
        }

        @Override
        public boolean mayAdopt(CompiledPolicy policy) {
            return false;
        }

        @Override
        public boolean followsReceipt() {
            return true;
        }
    }
}

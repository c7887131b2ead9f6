package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import java.util.Optional;
import java.util.Set;

/** Why a template is looked at: what it may be given, and what it counts as carrying, depends on that. */
public sealed interface Trigger {
    /** The revision of a policy for a workload that the policy selects and could be injected into. */
    RevisionChoice choice(CompiledPolicy policy);

    /** Whether a policy may take parts without a receipt for its own; to do so is to write a receipt. */
    default boolean mayAdopt(CompiledPolicy policy) {
        return true;
    }

    /** The template that is stored, when somebody else changes it. */
    default Optional<ObjectNode> stored() {
        return Optional.empty();
    }

    /** The template whose parts count as carried. */
    default ObjectNode baseline(ObjectNode template) {
        return stored().orElse(template);
    }

    /** Whether a receipt says what the workload carries; one that was copied with a new workload does not. */
    default boolean trustsReceipt() {
        return true;
    }

    /** Whether the receipt, and no selector, says which policies the template meets. */
    default boolean followsReceipt() {
        return false;
    }

    /** Whether the template is new or changes anyway, so that what is due may go along. */
    default boolean isChange() {
        return true;
    }

    /** Whether a policy has to wait for its turn. */
    default boolean isQueued(PolicyKey policy) {
        return false;
    }

    /** Whether a cluster has the workload, or is about to. */
    default boolean isInCluster() {
        return true;
    }

    /**
     * The operator looks at a stored workload by itself. What belongs to policies that are not there stays: a lost
     * permission or a reinstalled CRD must not restart pods.
     *
     * @param permitted which policies may give this workload another revision now, or take their parts away
     * @param failed policies whose failed revision this workload was given, without its rollout ever completing
     */
    record Resync(PermittedPolicies permitted, Set<PolicyKey> failed) implements Trigger {
        /** Nothing is held back. */
        public static final Resync FREELY = new Resync(PermittedPolicies.OF_ALL, Set.of());

        public Resync {
            failed = Set.copyOf(failed);
        }

        @Override
        public RevisionChoice choice(CompiledPolicy policy) {
            return RevisionChoice.onReconcile(policy, failed.contains(policy.key()), isQueued(policy.key()));
        }

        /** To put a lost receipt back repairs the workload; what it says is taken up in turn. */
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
     * Whose turn it is at a workload.
     *
     * @param others whether it is the turn of everybody but those named, or of those alone
     */
    record PermittedPolicies(boolean others, Set<PolicyKey> named) {
        /** Everybody's. */
        public static final PermittedPolicies OF_ALL = ofAllBut(Set.of());

        public PermittedPolicies {
            named = Set.copyOf(named);
        }

        /** The turn of these and nobody else. */
        public static PermittedPolicies of(Set<PolicyKey> policies) {
            return new PermittedPolicies(false, policies);
        }

        /** Everybody's turn but these. */
        public static PermittedPolicies ofAllBut(Set<PolicyKey> policies) {
            return new PermittedPolicies(true, policies);
        }

        /** Whether the policy may change the workload now. */
        public boolean isOf(PolicyKey policy) {
            return named.contains(policy) != others;
        }
    }

    /** A workload or a Pod is created: it carries nothing, whatever a receipt that was copied with it says. */
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
     * Somebody else changes a stored workload.
     *
     * @param before the template that is stored
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

    /** A manifest outside of any cluster. */
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
     * A Pod is created whose template is looked after: its receipt says what the template gave it, and which policies
     * are left to the Pod.
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

package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Why a template is looked at: what it may be given, and what it counts as carrying, depends on that. */
public sealed interface Occasion {
    /**
     * The operator looks at a stored workload by itself. What belongs to policies that are not there stays: a lost
     * permission or a reinstalled CRD must not restart pods.
     *
     * @param turns which policies may give this workload another revision now, or take their parts away
     * @param failed policies whose failed revision this workload was given, without its rollout ever completing
     */
    record Reconcile(Turns turns, Set<PolicyKey> failed) implements Occasion {
        /** Nothing is held back. */
        public static final Reconcile FREELY = new Reconcile(Turns.OF_ALL, Set.of());

        public Reconcile {
            failed = Set.copyOf(failed);
        }
    }

    /**
     * Whose turn it is at a workload.
     *
     * @param others whether it is the turn of everybody but those named, or of those alone
     */
    record Turns(boolean others, Set<PolicyKey> named) {
        /** Everybody's. */
        public static final Turns OF_ALL = ofAllBut(Set.of());

        public Turns {
            named = Set.copyOf(named);
        }

        /** The turn of these and nobody else. */
        public static Turns of(Set<PolicyKey> policies) {
            return new Turns(false, policies);
        }

        /** Everybody's turn but these. */
        public static Turns ofAllBut(Set<PolicyKey> policies) {
            return new Turns(true, policies);
        }

        /** Whether the policy may change the workload now. */
        public boolean isOf(PolicyKey policy) {
            return named.contains(policy) != others;
        }
    }

    /** Whether a policy has to wait for its turn. */
    default boolean awaitsTurn(PolicyKey policy) {
        return this instanceof Reconcile reconcile && !reconcile.turns().isOf(policy);
    }

    /** A workload or a Pod is created: it carries nothing, whatever a receipt that was copied with it says. */
    record Create() implements Occasion {}

    /**
     * Somebody else changes a stored workload.
     *
     * @param before the template that is stored
     */
    record Update(ObjectNode before) implements Occasion {}

    /** A manifest outside of any cluster. */
    record Manifest() implements Occasion {}

    /**
     * A Pod is created whose template is looked after: its receipt says what the template gave it, and which policies
     * are left to the Pod.
     */
    record PodOfTemplate() implements Occasion {}
}

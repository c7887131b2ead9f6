package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Why a template is looked at: what it may be given, and what it counts as carrying, depends on that. */
public sealed interface Occasion {
    /**
     * The operator looks at a stored workload by itself. What belongs to policies that are not there stays: a lost
     * permission or a reinstalled CRD must not restart pods.
     *
     * @param held policies that may not change this workload now
     * @param failed policies whose failed revision this workload was given, without its rollout ever completing
     */
    record Reconcile(Set<PolicyKey> held, Set<PolicyKey> failed) implements Occasion {
        /** Nothing is held back. */
        public static final Reconcile FREELY = new Reconcile(Set.of(), Set.of());

        public Reconcile {
            held = Set.copyOf(held);
            failed = Set.copyOf(failed);
        }
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

package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.List;
import java.util.Optional;

/**
 * All that is to be done to take an operator out of a cluster.
 *
 * @param webhooks its registrations, by which admission would put back what is taken out
 * @param workloads those that change
 * @param policies all that were asked for
 * @param staying what keeps its sidecars: pods that nobody replaces, and jobs; empty when it may not be read
 * @param warnings what else there is to know, a line each
 */
public record UninstallPlan(
        List<Webhook> webhooks,
        List<WorkloadStrip> workloads,
        List<Policy> policies,
        Optional<Staying> staying,
        List<String> warnings) {
    public UninstallPlan {
        webhooks = List.copyOf(webhooks);
        workloads = List.copyOf(workloads);
        policies = List.copyOf(policies);
        warnings = List.copyOf(warnings);
    }

    /** A MutatingWebhookConfiguration. */
    public record Webhook(String name, String uid) {}

    /**
     * A policy.
     *
     * @param path where the API server has it
     * @param leaves whether it leaves to the user what it added
     * @param version of the object that the operations are for
     * @param operations what takes our finalizer off; empty when it is not on it
     */
    public record Policy(PolicyKey key, String path, String uid, boolean leaves, String version, ArrayNode operations) {
        /** Whether our finalizer is on it. */
        public boolean finalized() {
            return !operations.isEmpty();
        }

        /** {@code SidecarPolicy shop/logs}. */
        @Override
        public String toString() {
            return (key.namespace().isEmpty() ? "ClusterSidecarPolicy " : "SidecarPolicy ") + key;
        }
    }

    /** Pods and Jobs that carry sidecars and cannot be changed. */
    public record Staying(int pods, int jobs) {}

    /** The workloads that are written to. */
    public List<WorkloadStrip> changes() {
        return workloads.stream().filter(one -> !one.operations().isEmpty()).toList();
    }

    /** The policies that lose our finalizer. */
    public List<Policy> finalized() {
        return policies.stream().filter(Policy::finalized).toList();
    }

    public int pods() {
        return workloads.stream().mapToInt(WorkloadStrip::pods).sum();
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return webhooks.isEmpty() && changes().isEmpty() && finalized().isEmpty();
    }
}

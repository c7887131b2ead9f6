package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that has to be done to remove an operator from a cluster.
 *
 * @param webhooks its registrations, by which admission would put back what is removed
 * @param workloads the workloads that change
 * @param policies all policies that were asked for
 * @param leases the leases by which its processes chose a leader
 * @param staying what keeps its sidecars: pods that are not replaced, and jobs; empty when it may not be read
 * @param warnings other facts, one line each
 */
public record UninstallPlan(
        List<Webhook> webhooks,
        List<WorkloadStrip> workloads,
        List<Policy> policies,
        List<Lease> leases,
        Optional<Staying> staying,
        List<String> warnings) {
    public UninstallPlan {
        webhooks = List.copyOf(webhooks);
        workloads = List.copyOf(workloads);
        policies = List.copyOf(policies);
        leases = List.copyOf(leases);
        warnings = List.copyOf(warnings);
    }

    /** A MutatingWebhookConfiguration. */
    public record Webhook(String name, String uid) {}

    /** A Lease. */
    public record Lease(String namespace, String name, String uid) {
        /** {@code Lease sidecar-operator-system/sidecar-operator}. */
        @Override
        public String toString() {
            return "Lease " + namespace + "/" + name;
        }
    }

    /**
     * A policy.
     *
     * @param path its path at the API server
     * @param leaves whether it leaves its parts to the user
     * @param version the version of the object that the operations are for
     * @param operations what removes the operator's finalizer; empty when it does not have it
     * @param status what removes its status, which nobody keeps true any more; empty when it has none
     */
    public record Policy(
            PolicyKey key,
            String path,
            String uid,
            boolean leaves,
            String version,
            ArrayNode operations,
            ArrayNode status) {
        /** Whether it has the operator's finalizer. */
        public boolean finalized() {
            return !operations.isEmpty();
        }

        /** Whether it has a status. */
        public boolean reported() {
            return !status.isEmpty();
        }

        /** Returns what the operator left on it, in words; empty when there is nothing. */
        public String marks() {
            return Stream.of(finalized() ? "finalizer" : "", reported() ? "status" : "")
                    .filter(mark -> !mark.isEmpty())
                    .collect(Collectors.joining(" and "));
        }

        /** {@code SidecarPolicy shop/logs}. */
        @Override
        public String toString() {
            return (key.namespace().isEmpty() ? "ClusterSidecarPolicy " : "SidecarPolicy ") + key;
        }
    }

    /** Pods and Jobs that have sidecars and cannot be changed. */
    public record Staying(int pods, int jobs) {}

    /** Returns the workloads that are written to. */
    public List<WorkloadStrip> changes() {
        return workloads.stream().filter(one -> !one.operations().isEmpty()).toList();
    }

    /** Returns the policies that lose the operator's finalizer. */
    public List<Policy> finalized() {
        return policies.stream().filter(Policy::finalized).toList();
    }

    /** Returns the policies that lose their status. */
    public List<Policy> reported() {
        return policies.stream().filter(Policy::reported).toList();
    }

    /** Returns the policies on which the operator left something. */
    public List<Policy> marked() {
        return policies.stream().filter(policy -> !policy.marks().isEmpty()).toList();
    }

    public int pods() {
        return workloads.stream().mapToInt(WorkloadStrip::pods).sum();
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return webhooks.isEmpty() && changes().isEmpty() && marked().isEmpty() && leases.isEmpty();
    }
}

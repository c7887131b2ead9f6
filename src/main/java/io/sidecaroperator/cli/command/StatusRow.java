package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.cluster.ObservedPolicy;
import io.sidecaroperator.cli.cluster.ObservedWorkload;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A workload that is not simply injected by a policy.
 *
 * @param state the reason from the policy's status, or one of the words below
 */
record StatusRow(String kind, String namespace, String name, PolicyKey policy, String state, String message) {
    static final String IN_FLIGHT = "InFlight";
    static final String OUTDATED = "Outdated";

    /** Returns the problems that the policies report, then what the workloads' own annotations say. */
    static List<StatusRow> of(List<ObservedPolicy> policies, List<ObservedWorkload> workloads) {
        Map<String, StatusRow> rows = new LinkedHashMap<>();
        for (ObservedPolicy policy : policies) {
            policy.exceptions()
                    .forEach(one -> put(
                            rows,
                            new StatusRow(
                                    one.kind(),
                                    one.namespace(),
                                    one.name(),
                                    policy.key(),
                                    one.reason(),
                                    one.message())));
            workloads.forEach(workload -> moving(policy, workload).ifPresent(row -> put(rows, row)));
        }
        List<StatusRow> sorted = new ArrayList<>(rows.values());
        sorted.sort(Comparator.comparing(StatusRow::policy)
                .thenComparing(StatusRow::namespace)
                .thenComparing(StatusRow::kind)
                .thenComparing(StatusRow::name));
        return sorted;
    }

    private static void put(Map<String, StatusRow> rows, StatusRow row) {
        rows.putIfAbsent(row.policy + " " + row.kind + " " + row.namespace + "/" + row.name, row);
    }

    private static Optional<StatusRow> moving(ObservedPolicy policy, ObservedWorkload workload) {
        Optional<String> retained = workload.retained(policy.key());
        boolean behind = retained.isPresent() && policy.revision().isPresent() && !retained.equals(policy.revision());
        String message = behind
                ? "carries revision " + retained.get() + ", the policy is at "
                        + policy.revision().get()
                : "its pods are being replaced";
        if (workload.isRollingOut(policy.key())) {
            return Optional.of(row(policy, workload, IN_FLIGHT, message));
        }
        return behind && !workload.orphaned().contains(policy.key())
                ? Optional.of(row(policy, workload, OUTDATED, message))
                : Optional.empty();
    }

    private static StatusRow row(ObservedPolicy policy, ObservedWorkload workload, String state, String message) {
        return new StatusRow(
                workload.ref().kind(),
                workload.ref().namespace(),
                workload.ref().name(),
                policy.key(),
                state,
                message);
    }
}

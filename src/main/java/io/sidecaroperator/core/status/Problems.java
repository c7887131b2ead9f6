package io.sidecaroperator.core.status;

import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.api.v1alpha1.WorkloadExceptionEntry;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The workloads that a policy selects and that do not run with it, the newest first. An entry that status already lists
 * keeps its place, so that a restart, which forgets the times, does not reorder the list.
 */
final class Problems {
    private Problems() {}

    /** One workload and why. */
    record Problem(WorkloadRef workload, SyncStatus syncStatus) {
        String reason() {
            return syncStatus.reason().map(Reason::name).orElse("");
        }

        WorkloadExceptionEntry entry() {
            return new WorkloadExceptionEntry(
                    workload.kind(), workload.namespace(), workload.name(), reason(), syncStatus.message());
        }

        private ProblemKey key() {
            return new ProblemKey(workload.kind(), workload.namespace(), workload.name(), reason());
        }
    }

    /** The key by which two entries are the same problem; the message may change. */
    private record ProblemKey(String kind, String namespace, String name, String reason) {}

    /** All of them, in the order of the list in status. */
    static List<Problem> of(
            PolicyKey key, Collection<WorkloadObservation> workloads, List<WorkloadExceptionEntry> listed) {
        Map<ProblemKey, Integer> places = new HashMap<>();
        for (WorkloadExceptionEntry entry : listed) {
            places.putIfAbsent(
                    new ProblemKey(entry.kind(), entry.namespace(), entry.name(), entry.reason()), places.size());
        }
        return workloads.stream()
                .filter(workload -> workload.policies().containsKey(key))
                .map(workload -> new Problem(workload.ref(), workload.policies().get(key)))
                .filter(item -> item.syncStatus().isException())
                .sorted(Comparator.comparing((Problem item) -> item.syncStatus().since())
                        .reversed()
                        .thenComparing(item -> places.getOrDefault(item.key(), Integer.MAX_VALUE))
                        .thenComparing(item -> item.workload().toString()))
                .toList();
    }

    /** The entries that status has room for. */
    static List<WorkloadExceptionEntry> entries(List<Problem> items) {
        return items.stream()
                .limit(SidecarPolicyStatus.MAX_EXCEPTIONS)
                .map(Problem::entry)
                .toList();
    }
}

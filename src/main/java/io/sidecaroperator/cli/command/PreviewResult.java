package io.sidecaroperator.cli.command;

import io.sidecaroperator.core.explain.PreviewVerdict;
import io.sidecaroperator.core.explain.WorkloadPreview;
import io.sidecaroperator.core.model.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The result of a preview: the workloads that would change, and the policies that do not change a workload.
 *
 * @param workloads every examined workload that has something to report, by namespace, kind and name
 */
record PreviewResult(List<WorkloadPreview> workloads) {
    private static final Comparator<WorkloadPreview> ORDER = Comparator.comparing(
                    (WorkloadPreview workload) -> workload.ref().namespace())
            .thenComparing(workload -> workload.ref().kind())
            .thenComparing(workload -> workload.ref().name());

    PreviewResult {
        workloads = workloads.stream().sorted(ORDER).toList();
    }

    /** How many workloads change, and how many of their pods restart. */
    record Count(int workloads, int pods) {}

    boolean differs() {
        return workloads.stream().anyMatch(WorkloadPreview::differs);
    }

    List<WorkloadPreview> changed() {
        return workloads.stream().filter(WorkloadPreview::differs).toList();
    }

    Count all() {
        return count(workload -> true);
    }

    /** Counts the workloads that the operator would change now. */
    Count now() {
        return count(WorkloadPreview::now);
    }

    /** Counts the workloads whose change, or a part of it, is pending for this reason. */
    Count pendingFor(Reason reason) {
        return count(workload -> workload.isPendingFor(reason));
    }

    /** A policy that does not change a workload. */
    record ExcludedWorkload(WorkloadPreview workload, PreviewVerdict verdict) {}

    List<ExcludedWorkload> problems(PreviewVerdict.Outcome outcome) {
        return workloads.stream()
                .flatMap(workload ->
                        workload.verdicts().stream().map(verdict -> new ExcludedWorkload(workload, verdict)))
                .filter(exception -> exception.verdict().outcome() == outcome)
                .toList();
    }

    Stream<WorkloadPreview> deferred() {
        return changed().stream().filter(WorkloadPreview::deferred);
    }

    private Count count(Predicate<WorkloadPreview> counted) {
        List<WorkloadPreview> found = changed().stream().filter(counted).toList();
        return new Count(
                found.size(), found.stream().mapToInt(WorkloadPreview::pods).sum());
    }
}

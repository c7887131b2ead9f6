package io.sidecaroperator.cli.command;

import io.sidecaroperator.core.explain.PreviewVerdict;
import io.sidecaroperator.core.explain.WorkloadPreview;
import io.sidecaroperator.core.model.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a preview has found: the workloads that would change, and the policies that stay away from workloads.
 *
 * @param workloads every workload that was looked at and has something to tell, by namespace, kind and name
 */
record PreviewResult(List<WorkloadPreview> workloads) {
    private static final Comparator<WorkloadPreview> ORDER = Comparator.comparing(
                    (WorkloadPreview workload) -> workload.ref().namespace())
            .thenComparing(workload -> workload.ref().kind())
            .thenComparing(workload -> workload.ref().name());

    PreviewResult {
        workloads = workloads.stream().sorted(ORDER).toList();
    }

    /** How many workloads change, and how many pods restart for it. */
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

    /** Those that the operator changes as things stand. */
    Count now() {
        return count(WorkloadPreview::now);
    }

    /** Those that wait for something, with all or a part of their change. */
    Count pendingFor(Reason reason) {
        return count(workload -> workload.isPendingFor(reason));
    }

    /** A policy that stays away from a workload. */
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

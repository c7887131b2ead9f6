package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.explain.WorkloadExplanation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a page tells.
 *
 * @param workloads in the order in which they are told; at least one
 * @param at when that was looked at, if the caller wants it told
 */
public record PageModel(List<WorkloadExplanation> workloads, Optional<Instant> at) {
    public PageModel {
        workloads = List.copyOf(workloads);
    }

    /** One chapter for each workload. */
    List<WorkloadSection> chapters() {
        return workloads.stream().map(WorkloadSection::new).toList();
    }

    /** What it is about: the one workload, or how many of which namespace. */
    String subject() {
        if (workloads.size() == 1) {
            return workloads.get(0).ref().toString();
        }
        List<String> namespaces = workloads.stream()
                .map(workload -> workload.ref().namespace())
                .distinct()
                .toList();
        String where = namespaces.size() == 1
                ? "namespace " + namespaces.get(0)
                : Summary.plural(namespaces.size(), "namespace");
        return Summary.plural(workloads.size(), "workload") + " of " + where;
    }

    /** The version of the API server that runs the pods. */
    String server() {
        return workloads.stream()
                .map(workload -> workload.injection().input().server().toString())
                .distinct()
                .findFirst()
                .orElse("");
    }

    /** What was taken for granted, each once. */
    List<String> assumptions() {
        return workloads.stream()
                .flatMap(workload -> workload.assumptions().stream())
                .distinct()
                .toList();
    }
}

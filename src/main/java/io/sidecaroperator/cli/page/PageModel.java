package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.explain.WorkloadExplanation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The content of a page.
 *
 * @param workloads in the order of the page; at least one
 * @param at when the workloads were read; empty when the page should not say it
 */
public record PageModel(List<WorkloadExplanation> workloads, Optional<Instant> at) {
    public PageModel {
        workloads = List.copyOf(workloads);
    }

    /** Returns one section for each workload. */
    List<WorkloadSection> sections() {
        return workloads.stream().map(WorkloadSection::new).toList();
    }

    /** Returns the subject: the one workload, or the number of workloads and their namespace. */
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

    /** Returns the version of the API server that runs the pods. */
    String server() {
        return workloads.stream()
                .map(workload -> workload.injection().input().server().toString())
                .distinct()
                .findFirst()
                .orElse("");
    }

    /** Returns the assumptions, without duplicates. */
    List<String> assumptions() {
        return workloads.stream()
                .flatMap(workload -> workload.assumptions().stream())
                .distinct()
                .toList();
    }
}

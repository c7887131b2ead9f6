package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.WorkloadName;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the workloads that a user names among those that exist. */
public final class NamedWorkloads {
    private static final int SHOWN = 10;

    private NamedWorkloads() {}

    /** Whether one of the names matches this workload. An empty list matches all. */
    public static boolean isNamed(List<WorkloadName> names, WorkloadRef workload) {
        return names.isEmpty() || names.stream().anyMatch(name -> name.isOf(workload));
    }

    /**
     * Checks that every name matches a workload.
     *
     * @param place where the names were looked up, as in {@code in the input}
     * @throws InputException with what exists instead
     */
    public static void requireAll(List<WorkloadName> names, Collection<WorkloadRef> present, String place) {
        List<WorkloadName> missing = names.stream()
                .filter(name -> present.stream().noneMatch(name::isOf))
                .toList();
        if (!missing.isEmpty()) {
            throw missing(missing, present, place, "workload");
        }
    }

    /**
     * Returns the exception for missing workloads, with what exists instead.
     *
     * @param kind the kind that was looked up
     */
    public static InputException missing(
            List<WorkloadName> names, Collection<WorkloadRef> present, String place, String kind) {
        String wanted = names.stream().map(WorkloadName::toString).collect(Collectors.joining(" and no "));
        return new InputException("there is no " + wanted + " " + place + "; " + instead(present, kind));
    }

    private static String instead(Collection<WorkloadRef> present, String kind) {
        if (present.isEmpty()) {
            return "there is no " + kind + " at all";
        }
        String there = present.stream()
                .map(WorkloadRef::toString)
                .sorted()
                .limit(SHOWN)
                .collect(Collectors.joining(", "));
        return "there is " + there + (present.size() > SHOWN ? " and " + (present.size() - SHOWN) + " more" : "");
    }
}

package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.WorkloadName;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The workloads that somebody names, among those that there are. */
public final class NamedWorkloads {
    private static final int SHOWN = 10;

    private NamedWorkloads() {}

    /** Whether one of the names means this workload; no names mean all. */
    public static boolean isNamed(List<WorkloadName> names, WorkloadRef workload) {
        return names.isEmpty() || names.stream().anyMatch(name -> name.isOf(workload));
    }

    /**
     * Makes sure that every name means something.
     *
     * @param place where was looked, as in {@code in the input}
     * @throws InputException with what there is instead
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
     * That these are not there, and what is there instead.
     *
     * @param kind what was looked for
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

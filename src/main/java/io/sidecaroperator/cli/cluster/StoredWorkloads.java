package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.NamedWorkloads;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.Ownership;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.core.workload.WorkloadName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the workloads that a user names. For a pod, it finds the Deployment whose template created it. */
record StoredWorkloads(ClusterReader reader, WorkloadKinds kinds, String namespace) {
    private static final int LONGEST_CHAIN = 5;

    /**
     * Returns the workloads of these names, without duplicates.
     *
     * @throws InputException when one of them does not exist, with what exists instead
     */
    List<StoredWorkload> named(List<WorkloadName> names) {
        Map<WorkloadRef, StoredWorkload> found = new LinkedHashMap<>();
        for (WorkloadName name : names) {
            List<String> before = reader.unread();
            ObjectNode tree = reader.workload(kinds, name.kind(), namespace, name.name())
                    .orElseThrow(() -> missing(name, before));
            StoredWorkload workload = topmost(name.kind(), tree, List.of());
            found.putIfAbsent(workload.ref(), workload);
        }
        return List.copyOf(found.values());
    }

    /**
     * Returns the workload whose template created this one.
     *
     * @param path the name that was given, and the owners in between
     */
    private StoredWorkload topmost(WorkloadKind kind, ObjectNode tree, List<String> path) {
        String self = kind.refOf(tree, namespace).toString();
        Optional<ObjectNode> controller = Ownership.controllerOf(tree);
        Optional<WorkloadKind> above = controller.flatMap(kinds::of).filter(known -> path.size() < LONGEST_CHAIN);
        Optional<ObjectNode> owner =
                above.flatMap(known -> reader.workload(kinds, known, namespace, nameOf(controller.orElseThrow())));
        if (above.isPresent() && owner.isPresent()) {
            List<String> longer = new ArrayList<>(path);
            longer.add(self);
            return topmost(above.get(), owner.get(), longer);
        }
        List<String> notes = new ArrayList<>();
        if (!path.isEmpty()) {
            String between = String.join(" and ", path.subList(1, path.size()));
            notes.add(path.get(0) + " belongs to it" + (between.isEmpty() ? "" : " by way of " + between)
                    + ": its template decides");
        }
        controller
                .filter(reference -> kinds.isLeftTo(reference, kind))
                .ifPresent(reference -> notes.add("it belongs to "
                        + reference.path("kind").asText() + " " + nameOf(reference) + ", "
                        + (above.isPresent() ? "which cannot be read" : "a kind that is not known (--workload-kind)")
                        + StoredWorkload.LEFT_ALONE));
        return StoredWorkload.of(kind, tree, notes)
                .orElseThrow(() -> new InputException(self + " has no pod template"));
    }

    private InputException missing(WorkloadName name, List<String> before) {
        List<String> unread =
                reader.unread().stream().filter(line -> !before.contains(line)).toList();
        if (!unread.isEmpty()) {
            return new InputException(String.join("; ", unread));
        }
        String place = "in namespace " + namespace;
        Optional<List<String>> names = reader.names(kinds, name.kind(), namespace);
        if (names.isEmpty()) {
            return new InputException("there is no " + name + " " + place + "; what there is may not be listed");
        }
        List<WorkloadRef> present = names.get().stream()
                .map(other -> new WorkloadRef(name.kind().group(), name.kind().kind(), namespace, other))
                .toList();
        return NamedWorkloads.missing(List.of(name), present, place, name.kind().kind());
    }

    private static String nameOf(ObjectNode owner) {
        String name = Json.textAt(owner, "name");
        return name == null ? "" : name;
    }
}

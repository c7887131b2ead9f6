package io.sidecaroperator.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.workload.WorkloadKind;
import io.sidecaroperator.workload.WorkloadKinds;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A kind of controller whose pods get what their template says, because the template is looked after elsewhere.
 *
 * @param group API group of the controller
 * @param kind its kind
 */
public record OwnerKind(String group, String kind) {
    /** Those of Kubernetes whose pods name them, and those that the operator was told of. */
    public static Set<OwnerKind> of(WorkloadKinds kinds) {
        return Stream.concat(
                        Stream.of(WorkloadKind.REPLICA_SET, WorkloadKind.STATEFUL_SET, WorkloadKind.DAEMON_SET),
                        kinds.custom().stream().map(custom -> custom.kind()))
                .map(kind -> new OwnerKind(kind.group(), kind.kind()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a pod's controlling owner reference names this kind. */
    boolean is(ObjectNode controller) {
        return kind.equals(Json.textAt(controller, "kind"))
                && group.equals(WorkloadKind.groupOf(Json.textAt(controller, "apiVersion")));
    }
}

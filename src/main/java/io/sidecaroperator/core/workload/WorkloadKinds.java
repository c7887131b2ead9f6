package io.sidecaroperator.core.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kinds of workloads that a program knows: those of Kubernetes, and the custom ones of its options.
 *
 * @param custom the custom kinds
 */
public record WorkloadKinds(List<CustomKind> custom) {
    /** Those of Kubernetes alone. */
    public static final WorkloadKinds BUILT_IN = new WorkloadKinds(List.of());

    public WorkloadKinds {
        custom = List.copyOf(custom);
    }

    /**
     * Returns the kinds of Kubernetes and these, each written as {@link CustomKind#parse} reads it.
     *
     * @throws IllegalArgumentException when one cannot be read or is given twice
     */
    public static WorkloadKinds parse(Collection<String> texts) {
        List<CustomKind> custom = texts.stream().map(CustomKind::parse).toList();
        for (CustomKind one : custom) {
            if (custom.stream().filter(other -> isSame(one, other)).count() > 1) {
                throw new IllegalArgumentException(one.kind().kind() + " of "
                        + one.kind().group() + " is named twice; expected each kind once, in one version");
            }
        }
        return new WorkloadKinds(custom);
    }

    /**
     * Returns the kind of an object by its apiVersion's group and its kind; empty when the kind has no template we
     * know.
     */
    public Optional<WorkloadKind> of(JsonNode object) {
        return Stream.concat(WorkloadKind.ALL.stream(), custom.stream().map(CustomKind::kind))
                .filter(known -> known.isKindOf(object))
                .findFirst();
    }

    /**
     * Whether another workload manages this one. Then we leave its template alone, because the owner would write it
     * back. Every ReplicaSet with a controller is left to that controller, known or not, because an owner of
     * ReplicaSets makes a new one for each template that it does not know.
     *
     * @param controller apiVersion and kind of the owner that controls it
     */
    public boolean isLeftTo(JsonNode controller, WorkloadKind kind) {
        return kind.equals(WorkloadKind.REPLICA_SET) || of(controller).isPresent();
    }

    private static boolean isSame(CustomKind one, CustomKind other) {
        return one.kind().group().equals(other.kind().group())
                && one.kind().kind().equals(other.kind().kind());
    }
}

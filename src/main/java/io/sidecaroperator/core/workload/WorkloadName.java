package io.sidecaroperator.core.workload;

import io.sidecaroperator.core.model.WorkloadRef;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A workload as kubectl names it: {@code deployment/web}, {@code deploy/web}, {@code deployments.apps/web}. */
public record WorkloadName(WorkloadKind kind, String name) {
    private static final Map<String, String> SHORT = Map.of(
            "po", "Pod",
            "deploy", "Deployment",
            "sts", "StatefulSet",
            "ds", "DaemonSet",
            "rs", "ReplicaSet",
            "rc", "ReplicationController",
            "cj", "CronJob");

    /** Reads {@code KIND/NAME}; empty when the text has another form, or its kind is not one of these. */
    public static Optional<WorkloadName> parse(String text, WorkloadKinds kinds) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1 || text.indexOf('/', slash + 1) >= 0) {
            return Optional.empty();
        }
        String word = text.substring(0, slash).toLowerCase(Locale.ROOT);
        String name = text.substring(slash + 1);
        return all(kinds).filter(kind -> isCalled(kind, word)).findFirst().map(kind -> new WorkloadName(kind, name));
    }

    /** Whether it names this workload, in any namespace. */
    public boolean isOf(WorkloadRef workload) {
        return kind.isOf(workload) && name.equals(workload.name());
    }

    /** {@code Deployment web}, as messages name it. */
    @Override
    public String toString() {
        return kind.kind() + " " + name;
    }

    private static Stream<WorkloadKind> all(WorkloadKinds kinds) {
        return Stream.concat(WorkloadKind.ALL.stream(), kinds.custom().stream().map(CustomKind::kind));
    }

    private static boolean isCalled(WorkloadKind kind, String word) {
        int dot = word.indexOf('.');
        String name = dot < 0 ? word : word.substring(0, dot);
        String group = dot < 0 ? kind.group() : word.substring(dot + 1).replaceFirst("^v[0-9][a-z0-9]*\\.", "");
        String own = kind.kind().toLowerCase(Locale.ROOT);
        return group.equals(kind.group())
                && (name.equals(own) || name.equals(own + "s") || kind.kind().equals(SHORT.get(name)));
    }
}

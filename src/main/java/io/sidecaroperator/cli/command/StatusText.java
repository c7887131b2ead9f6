package io.sidecaroperator.cli.command;

import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.WorkloadCounts;
import io.sidecaroperator.cli.cluster.ObservedPolicy;
import io.sidecaroperator.cli.cluster.ObservedWorkload;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.rollout.LastWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Writes the state of policies and workloads for a person. */
final class StatusText {
    private static final int BAR = 20;

    private StatusText() {}

    /** A column of the table of policies. */
    private record Column(String head, Function<ObservedPolicy, String> cell) {
        static Column count(String head, ToIntFunction<WorkloadCounts> count) {
            return new Column(head, policy -> Integer.toString(count.applyAsInt(policy.counts())));
        }

        static Column text(String head, Function<ObservedPolicy, Optional<String>> cell) {
            return new Column(head, policy -> cell.apply(policy).orElse("-"));
        }
    }

    private static List<Column> columns(Instant now, Style style) {
        return List.of(
                Column.text(
                        "NAMESPACE",
                        policy -> Optional.of(policy.key().namespace()).filter(namespace -> !namespace.isEmpty())),
                new Column("POLICY", policy -> policy.key().name()),
                new Column("READY", policy -> ready(policy, style)),
                new Column("MODE", ObservedPolicy::mode),
                Column.count("MATCHED", WorkloadCounts::matched),
                Column.count("INJECTED", WorkloadCounts::injected),
                Column.count("OUTDATED", WorkloadCounts::outdated),
                Column.count("PROGRESSING", WorkloadCounts::progressing),
                Column.count("REFUSED", WorkloadCounts::refused),
                Column.count("SKIPPED", WorkloadCounts::skipped),
                Column.text("REVISION", ObservedPolicy::revision),
                Column.text("AGE", policy -> policy.created().map(time -> age(time, now))));
    }

    private static List<Column> moreColumns() {
        return List.of(
                Column.text("PROVEN", ObservedPolicy::proven),
                Column.text("FAILED", ObservedPolicy::failed),
                Column.text(
                        "REASON",
                        policy -> policy.condition(PolicyCondition.Type.Ready).map(PolicyCondition::reason)));
    }

    /** Returns the policies as a table, then why some are not ready. */
    static String policies(List<ObservedPolicy> policies, boolean wide, Instant now, Style style) {
        List<Column> columns = new ArrayList<>(columns(now, style));
        if (wide) {
            columns.addAll(moreColumns());
        }
        Table table = new Table(columns.stream().map(Column::head).toArray(String[]::new));
        for (ObservedPolicy policy : policies) {
            table.row(
                    columns.stream().map(column -> column.cell().apply(policy)).toArray(String[]::new));
        }
        String troubles = policies.stream()
                .flatMap(policy -> trouble(policy, style).stream())
                .collect(Collectors.joining());
        return table + (troubles.isEmpty() ? "" : "\n" + troubles);
    }

    private static Optional<String> trouble(ObservedPolicy policy, Style style) {
        return policy.trouble().map(why -> policy.key() + ": " + (policy.isStalled() ? style.bad(why) : why) + "\n");
    }

    /** Returns the workloads that are not simply injected. The text is empty when all are. */
    static String workloads(List<StatusRow> rows) {
        Table table = new Table("KIND", "NAMESPACE", "NAME", "POLICY", "STATE", "MESSAGE");
        rows.forEach(row -> table.row(
                row.kind(), row.namespace(), row.name(), row.policy().toString(), row.state(), row.message()));
        return table.isEmpty() ? "" : "\n" + table;
    }

    /** Returns what one workload has, and what is rolling out. */
    static String workload(String name, Optional<ObservedWorkload> found, List<StatusRow> rows, Instant now) {
        StringBuilder text = new StringBuilder(name).append('\n');
        if (found.flatMap(ObservedWorkload::receipt)
                .filter(receipt -> !receipt.entries().isEmpty())
                .isEmpty()) {
            text.append("  carries nothing of a policy\n");
        }
        found.ifPresent(workload -> {
            workload.receipt()
                    .orElse(Receipt.EMPTY)
                    .entries()
                    .forEach((key, entry) -> text.append("  carries policy ")
                            .append(key)
                            .append(" at revision ")
                            .append(entry.revision())
                            .append(parts(entry))
                            .append(
                                    workload.orphaned().contains(key)
                                            ? "; the policy is gone and has left it to you"
                                            : "")
                            .append('\n'));
            workload.record().ifPresent(record -> text.append(rollout(workload, record, now)));
        });
        rows.forEach(row -> text.append("  policy ")
                .append(row.policy())
                .append(": ")
                .append(row.state())
                .append(row.message().isEmpty() ? "" : ": " + row.message())
                .append('\n'));
        return text.toString();
    }

    /** {@code [======>>....] 12/50 injected, 3 in flight}. */
    static String bar(ObservedPolicy policy, Style style) {
        WorkloadCounts counts = policy.counts();
        int matched = Math.max(1, counts.matched());
        int flying = share(counts.progressing(), matched);
        int done = Math.max(0, share(counts.injected(), matched) - flying);
        String drawn = "=".repeat(done) + ">".repeat(flying) + ".".repeat(Math.max(0, BAR - done - flying));
        return "[" + (policy.isStalled() ? style.bad(drawn) : policy.isReady() ? style.good(drawn) : drawn) + "] "
                + progress(policy);
    }

    /** {@code 12/50 injected, 3 in flight, 1 refused; Ready}. */
    static String progress(ObservedPolicy policy) {
        WorkloadCounts counts = policy.counts();
        return counts.injected() + "/" + counts.matched() + " injected"
                + part(counts.progressing(), "in flight")
                + part(counts.outdated(), "to go")
                + part(counts.refused(), "refused")
                + part(counts.skipped(), "skipped")
                + "; "
                + (policy.isReady()
                        ? "Ready"
                        : isMoving(policy) ? "rolling out" : policy.trouble().orElse("not ready"));
    }

    /** Whether the policy makes progress. Then the condition's message would only repeat the numbers. */
    private static boolean isMoving(ObservedPolicy policy) {
        return policy.current()
                && !policy.isStalled()
                && policy.condition(PolicyCondition.Type.Ready)
                        .filter(one -> one.reason().equals("RollingOut"))
                        .isPresent();
    }

    /** Formats a duration as kubectl does: the two largest units at most. */
    static String age(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        if (age.isNegative()) {
            return "0s";
        } else if (age.toMinutes() < 2) {
            return age.toSeconds() + "s";
        } else if (age.toHours() < 3) {
            return age.toMinutes() + "m";
        }
        return age.toDays() < 2 ? age.toHours() + "h" : age.toDays() + "d";
    }

    private static String rollout(ObservedWorkload workload, LastWrite record, Instant now) {
        StringBuilder text = new StringBuilder();
        record.changes()
                .forEach((key, change) -> text.append("  last write ")
                        .append(age(record.at(), now))
                        .append(" ago: policy ")
                        .append(key)
                        .append(" from ")
                        .append(change.from().orElse("none"))
                        .append(" to ")
                        .append(change.to().orElse("none"))
                        .append(change.rollback() ? ", a rollback" : "")
                        .append("; its pods: ")
                        .append(
                                switch (workload.rollout()) {
                                    case COMPLETE -> "all run it";
                                    case PROGRESSING -> "being replaced";
                                    case DEFERRED -> "replaced when its owner rolls it out";
                                })
                        .append('\n'));
        return text.toString();
    }

    private static String parts(Receipt.Entry entry) {
        List<String> names = new ArrayList<>();
        for (Place place : Place.values()) {
            noun(place).ifPresent(noun -> entry.names(place).keySet().forEach(name -> names.add(noun + " " + name)));
        }
        return names.isEmpty() ? "" : ": " + String.join(", ", names);
    }

    private static Optional<String> noun(Place place) {
        return switch (place) {
            case CONTAINERS -> Optional.of("container");
            case INIT_CONTAINERS -> Optional.of("init container");
            case VOLUMES -> Optional.of("volume");
            case MOUNTS, ENV, ENV_FROM, DEFAULTS, LABELS, ANNOTATIONS, PULL_SECRETS, HOST_ALIASES, GRACE_PERIOD ->
                Optional.empty();
        };
    }

    private static String ready(ObservedPolicy policy, Style style) {
        if (!policy.current()) {
            return "Unknown";
        }
        String word = policy.condition(PolicyCondition.Type.Ready)
                .map(one -> one.status().name())
                .orElse("Unknown");
        return policy.isReady() ? style.good(word) : policy.isStalled() ? style.bad(word) : style.warning(word);
    }

    private static String part(int count, String what) {
        return count == 0 ? "" : ", " + count + " " + what;
    }

    private static int share(int count, int of) {
        return count == 0 ? 0 : Math.max(1, BAR * count / of);
    }
}

package io.sidecaroperator.cli;

import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.WorkloadCounts;
import io.sidecaroperator.cluster.ObservedPolicy;
import io.sidecaroperator.cluster.ObservedWorkload;
import io.sidecaroperator.engine.Place;
import io.sidecaroperator.engine.Receipt;
import io.sidecaroperator.rollout.RolloutRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How policies and workloads stand, for a person. */
final class StatusText {
    private static final int BAR = 20;

    private StatusText() {}

    /** Policies as a table, then why some are not ready. */
    static String policies(List<ObservedPolicy> policies, boolean wide, Instant now, Style style) {
        List<String> head = new ArrayList<>(List.of(
                "NAMESPACE",
                "POLICY",
                "READY",
                "MODE",
                "MATCHED",
                "INJECTED",
                "OUTDATED",
                "PROGRESSING",
                "REFUSED",
                "SKIPPED",
                "REVISION",
                "AGE"));
        if (wide) {
            head.addAll(List.of("PROVEN", "FAILED", "REASON"));
        }
        Table table = new Table(head.toArray(String[]::new));
        for (ObservedPolicy policy : policies) {
            WorkloadCounts counts = policy.counts();
            List<String> row = new ArrayList<>(List.of(
                    policy.key().namespace().isEmpty() ? "-" : policy.key().namespace(),
                    policy.key().name(),
                    ready(policy, style),
                    policy.mode()));
            for (int count : new int[] {
                counts.matched(),
                counts.injected(),
                counts.outdated(),
                counts.progressing(),
                counts.refused(),
                counts.skipped()
            }) {
                row.add(Integer.toString(count));
            }
            row.add(policy.revision().orElse("-"));
            row.add(policy.created().map(time -> age(time, now)).orElse("-"));
            if (wide) {
                row.add(policy.proven().orElse("-"));
                row.add(policy.failed().orElse("-"));
                row.add(policy.condition(PolicyCondition.Type.Ready)
                        .map(PolicyCondition::reason)
                        .orElse("-"));
            }
            table.row(row.toArray(String[]::new));
        }
        StringBuilder text = new StringBuilder(table.toString());
        policies.forEach(policy -> policy.trouble()
                .ifPresent(why -> text.append(text.indexOf("\n\n") < 0 ? "\n" : "")
                        .append(policy.key())
                        .append(": ")
                        .append(policy.isStalled() ? style.bad(why) : why)
                        .append('\n')));
        return text.toString();
    }

    /** The workloads that are not simply injected; nothing when all are. */
    static String workloads(List<StatusRow> rows) {
        Table table = new Table("KIND", "NAMESPACE", "NAME", "POLICY", "STATE", "MESSAGE");
        rows.forEach(row -> table.row(
                row.kind(), row.namespace(), row.name(), row.policy().toString(), row.state(), row.message()));
        return table.isEmpty() ? "" : "\n" + table;
    }

    /** What one workload carries, and what is on its way. */
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

    /** Then the condition's message would only repeat the numbers. */
    private static boolean isMoving(ObservedPolicy policy) {
        return policy.current()
                && !policy.isStalled()
                && policy.condition(PolicyCondition.Type.Ready)
                        .filter(one -> one.reason().equals("RollingOut"))
                        .isPresent();
    }

    /** As kubectl writes it: the two largest units at most. */
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

    private static String rollout(ObservedWorkload workload, RolloutRecord record, Instant now) {
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

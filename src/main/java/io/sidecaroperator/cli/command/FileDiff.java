package io.sidecaroperator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.sidecaroperator.cli.manifest.ManifestRun.Changed;
import io.sidecaroperator.cli.manifest.Spool;
import io.sidecaroperator.core.explain.PolicyChange;
import io.sidecaroperator.core.explain.Preview;
import io.sidecaroperator.core.explain.PreviewVerdict;
import io.sidecaroperator.core.injection.ChangeKind;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.yaml.YamlWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What inject would change in manifests, object by object, in one of the formats of {@code diff}. */
final class FileDiff {
    private static final int CONTEXT = 3;

    private final Spool out;
    private final DiffFormat format;
    private final Style style;

    private final Table table = new Table("KIND", "NAMESPACE", "NAME", "POLICY", "CHANGE", "FILE");
    private final List<Exclusion> problems = new ArrayList<>();
    private final ArrayNode changes = Json.array();
    private int differing;

    /** A policy that does not change a workload. */
    private record Exclusion(WorkloadRef ref, PreviewVerdict verdict) {}

    /** Writes to {@code out}: diffs as they come, the rest at the end. */
    FileDiff(Spool out, DiffFormat format, Style style) {
        this.out = out;
        this.format = format;
        this.style = style;
    }

    boolean differs() {
        return differing > 0;
    }

    /** Adds the result of an object. */
    void add(Changed changed) throws IOException {
        Optional<Injection> asked = changed.injection();
        if (asked.isEmpty()) {
            return;
        }
        WorkloadRef ref = asked.get().input().ref();
        Preview.verdicts(asked.get()).forEach(verdict -> problems.add(new Exclusion(ref, verdict)));
        if (!changed.differs()) {
            return;
        }
        differing++;
        List<PolicyChange> policies = policies(asked.get());
        switch (format) {
            case text -> {
                write(diff(changed, ref, policies));
                rows(changed, ref, policies);
            }
            case summary -> rows(changed, ref, policies);
            case json -> changes.add(json(changed, ref, policies));
        }
    }

    /** Writes what is known only after the last object. */
    void end() throws IOException {
        if (format == DiffFormat.json) {
            ObjectNode root = Json.object().put("workloads", differing);
            root.set("changes", changes);
            ArrayNode away = root.putArray("exceptions");
            for (Exclusion exception : problems) {
                PreviewVerdict verdict = exception.verdict();
                put(away.addObject(), exception.ref())
                        .put("policy", verdict.policy().toString())
                        .put("outcome", verdict.outcome().word())
                        .put("reason", verdict.reason().name())
                        .put("message", verdict.message());
            }
            write(Json.text(root) + "\n");
        } else {
            write((table.isEmpty() ? "" : table + "\n") + totals());
        }
    }

    /** Returns the part that each policy has in the difference. */
    private static List<PolicyChange> policies(Injection injection) {
        List<PolicyChange> changes = new ArrayList<>();
        for (PolicyOutcome outcome : injection.outcomes()) {
            outcome.change()
                    .ifPresent(kind ->
                            changes.add(new PolicyChange(Optional.of(outcome.policy()), kind, Optional.empty())));
        }
        if (changes.isEmpty()) {
            changes.add(new PolicyChange(Optional.empty(), ChangeKind.Repair, Optional.empty()));
        }
        return changes;
    }

    private String diff(Changed changed, WorkloadRef ref, List<PolicyChange> policies) {
        StringBuilder text = new StringBuilder();
        for (PolicyChange change : policies) {
            text.append("# ")
                    .append(ref)
                    .append(": policy ")
                    .append(name(change))
                    .append(' ')
                    .append(PreviewSummary.future(change.kind()))
                    .append('\n');
        }
        List<String> before = YamlWriter.write(changed.before().tree()).lines().toList();
        List<String> after = YamlWriter.write(changed.after()).lines().toList();
        String place = changed.before().where() + ": " + ref;
        UnifiedDiffUtils.generateUnifiedDiff(place, place, before, DiffUtils.diff(before, after), CONTEXT)
                .forEach(line -> text.append(style.diff(line)).append('\n'));
        return text.append('\n').toString();
    }

    private void rows(Changed changed, WorkloadRef ref, List<PolicyChange> policies) {
        for (PolicyChange change : policies) {
            table.row(
                    ref.kind(),
                    ref.namespace(),
                    ref.name(),
                    name(change),
                    change.kind().name(),
                    changed.before().where());
        }
    }

    private static ObjectNode json(Changed changed, WorkloadRef ref, List<PolicyChange> policies) {
        ObjectNode node = put(Json.object(), ref).put("where", changed.before().where());
        ArrayNode list = node.putArray("policies");
        for (PolicyChange change : policies) {
            ObjectNode policy = list.addObject();
            change.policy().ifPresent(key -> policy.put("policy", key.toString()));
            policy.put("change", change.kind().name());
        }
        node.set("before", changed.before().tree());
        node.set("after", changed.after());
        return node;
    }

    private String totals() {
        StringBuilder text = new StringBuilder(
                differing == 0
                        ? "nothing would change"
                        : differing + (differing == 1 ? " workload" : " workloads") + " would change");
        for (PreviewVerdict.Outcome outcome : PreviewVerdict.Outcome.values()) {
            long count = problems.stream()
                    .filter(one -> one.verdict().outcome() == outcome)
                    .count();
            if (count > 0) {
                text.append("; ").append(count).append(' ').append(outcome.word());
            }
        }
        text.append('\n');
        for (Exclusion exception : problems) {
            PreviewVerdict verdict = exception.verdict();
            text.append(exception.ref() + ": policy " + verdict.policy() + " "
                    + verdict.outcome().word() + " (" + verdict.reason() + "): " + verdict.message() + "\n");
            if (verdict.outcome() == PreviewVerdict.Outcome.REFUSED) {
                text.append("  ").append(verdict.reason().advice()).append('\n');
            }
        }
        return text.toString();
    }

    private static ObjectNode put(ObjectNode node, WorkloadRef ref) {
        return node.put("group", ref.group())
                .put("kind", ref.kind())
                .put("namespace", ref.namespace())
                .put("name", ref.name());
    }

    private static String name(PolicyChange change) {
        return change.policy().map(PolicyKey::toString).orElse("-");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

package io.sidecaroperator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.PreviewVerdict;
import io.sidecaroperator.core.explain.WorkloadPreview;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;

/** Writes the whole result for a program: counts, each change with both templates, and the excluded workloads. */
final class PreviewJson {
    private PreviewJson() {}

    static String of(PreviewResult result) {
        ObjectNode root = Json.object();
        put(root, result.all());
        put(root.putObject("now"), result.now());
        ArrayNode changes = root.putArray("changes");
        result.changed().forEach(workload -> change(changes.addObject(), workload));
        ArrayNode problems = root.putArray("exceptions");
        for (PreviewVerdict.Outcome outcome : PreviewVerdict.Outcome.values()) {
            result.problems(outcome).forEach(exception -> {
                ObjectNode node = problems.addObject();
                put(node, exception.workload().ref());
                PreviewVerdict verdict = exception.verdict();
                node.put("policy", verdict.policy().toString())
                        .put("outcome", outcome.word())
                        .put("reason", verdict.reason().name())
                        .put("message", verdict.message());
            });
        }
        return Json.text(root) + "\n";
    }

    private static void change(ObjectNode node, WorkloadPreview workload) {
        put(node, workload.ref());
        node.put("pods", workload.pods()).put("deferred", workload.deferred()).put("now", workload.now());
        ArrayNode policies = node.putArray("policies");
        workload.changes().forEach(change -> {
            ObjectNode policy = policies.addObject();
            change.policy().ifPresent(key -> policy.put("policy", key.toString()));
            policy.put("change", change.kind().name());
            change.pendingFor().map(Reason::name).ifPresent(reason -> policy.put("heldBy", reason));
        });
        node.set("before", workload.before());
        node.set("after", workload.after());
    }

    private static void put(ObjectNode node, PreviewResult.Count count) {
        node.put("workloads", count.workloads()).put("pods", count.pods());
    }

    private static void put(ObjectNode node, WorkloadRef ref) {
        node.put("group", ref.group())
                .put("kind", ref.kind())
                .put("namespace", ref.namespace())
                .put("name", ref.name());
    }
}

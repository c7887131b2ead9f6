package io.sidecaroperator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.Mismatch;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.explain.PolicySource;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import java.util.List;
import java.util.stream.Collectors;

/** Writes which policies select workloads, in each format. */
final class PoliciesText {
    private PoliciesText() {}

    /** Returns a table of the policies that do, then each of the others with what does not match. */
    static String table(List<WorkloadExplanation> explanations, Style style) {
        Table table = new Table("POLICY", "REACHES", "DECISION", "REASON", "REVISION");
        StringBuilder mismatches = new StringBuilder();
        for (WorkloadExplanation explanation : explanations) {
            explanation.policies().forEach(policy -> table.row(row(explanation, policy, style)));
            if (!explanation.mismatches().isEmpty()) {
                mismatches
                        .append('\n')
                        .append(style.bold("not " + explanation.ref()))
                        .append(":\n");
                explanation
                        .mismatches()
                        .forEach(mismatch -> mismatches
                                .append("  ")
                                .append(mismatch.policy())
                                .append(": ")
                                .append(ExplainText.missed(mismatch))
                                .append('\n'));
            }
        }
        return (table.isEmpty() ? "no policy reaches a workload\n" : table.toString()) + mismatches;
    }

    private static String[] row(WorkloadExplanation explanation, PolicyExplanation policy, Style style) {
        String word = policy.verdict().word();
        return new String[] {
            policy.outcome().policy().toString(),
            explanation.ref().toString(),
            switch (policy.verdict()) {
                case INJECT -> style.good(word);
                case REFUSE -> style.bad(word);
                case HOLD, SKIP -> style.warning(word);
            },
            policy.reason().map(Reason::name).orElse(""),
            policy.outcome().revision()
        };
    }

    /** Returns the names of the policies that select a workload, as {@code kubectl get -o name} prints them. */
    static String names(List<WorkloadExplanation> explanations) {
        return explanations.stream()
                .flatMap(explanation -> explanation.policies().stream())
                .filter(policy -> policy.outcome().matched())
                .map(policy -> name(policy.outcome().policy()))
                .distinct()
                .map(name -> name + "\n")
                .collect(Collectors.joining());
    }

    private static String name(PolicyKey key) {
        return (key.namespace().isEmpty() ? "cluster" : "") + "sidecarpolicy.sidecar-operator.io/" + key.name();
    }

    /** Returns the same as the table, for a program. */
    static String json(List<WorkloadExplanation> explanations) {
        ObjectNode root = Json.object();
        ArrayNode workloads = root.putArray("workloads");
        for (WorkloadExplanation explanation : explanations) {
            ObjectNode workload = workloads.addObject();
            ExplainJson.put(workload, explanation.ref());
            ArrayNode policies = workload.putArray("policies");
            explanation.policies().forEach(policy -> policy(policies.addObject(), policy));
            ArrayNode mismatches = workload.putArray("misses");
            for (Mismatch mismatch : explanation.mismatches()) {
                ExplainJson.mismatch(mismatches.addObject(), mismatch);
            }
        }
        return Json.text(root) + "\n";
    }

    private static void policy(ObjectNode node, PolicyExplanation policy) {
        node.put("policy", policy.outcome().policy().toString());
        policy.source().map(PolicySource::where).ifPresent(where -> node.put("where", where));
        node.put("decision", policy.verdict().word());
        policy.reason().map(Reason::name).ifPresent(reason -> node.put("reason", reason));
        if (!policy.message().isEmpty()) {
            node.put("message", policy.message());
        }
        node.put("revision", policy.outcome().revision());
    }
}

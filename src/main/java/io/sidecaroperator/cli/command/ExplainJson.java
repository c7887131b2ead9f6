package io.sidecaroperator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.CheckResult;
import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.explain.Mismatch;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.explain.PolicySource;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.receipt.Edit;
import java.util.List;

/** Writes explanations for a program. The help of the command lists the names. */
final class ExplainJson {
    private ExplainJson() {}

    static String of(List<WorkloadExplanation> explanations) {
        ObjectNode root = Json.object();
        ArrayNode workloads = root.putArray("workloads");
        explanations.forEach(explanation -> workload(workloads.addObject(), explanation));
        return Json.text(root) + "\n";
    }

    private static void workload(ObjectNode node, WorkloadExplanation explanation) {
        Injection injection = explanation.injection();
        put(node, explanation.ref());
        node.put("where", explanation.where())
                .put("kubernetesVersion", injection.input().server().toString());
        ArrayNode policies = node.putArray("policies");
        explanation.policies().forEach(policy -> policy(policies.addObject(), injection, policy));
        ArrayNode mismatches = node.putArray("misses");
        explanation.mismatches().forEach(mismatch -> mismatch(mismatches.addObject(), mismatch));
        notes(node.putArray("notes"), injection.notes());
        texts(node.putArray("noted"), explanation.noted());
        texts(node.putArray("assumptions"), explanation.assumptions());
    }

    private static void policy(ObjectNode node, Injection injection, PolicyExplanation policy) {
        PolicyOutcome outcome = policy.outcome();
        node.put("policy", outcome.policy().toString());
        policy.source().map(PolicySource::where).ifPresent(where -> node.put("where", where));
        node.put("decision", policy.verdict().word());
        policy.reason().map(Reason::name).ifPresent(reason -> node.put("reason", reason));
        if (!policy.message().isEmpty()) {
            node.put("message", policy.message());
        }
        policy.reason().map(Reason::advice).ifPresent(advice -> node.put("advice", advice));
        if (!outcome.revision().isEmpty()) {
            node.put("revision", outcome.revision());
        }
        outcome.retainedRevision().ifPresent(revision -> node.put("carriedRevision", revision));
        outcome.givenRevision().ifPresent(revision -> node.put("givenRevision", revision));
        outcome.decidedBy().ifPresent(check -> node.put("decidedBy", check.name()));
        ArrayNode checks = node.putArray("checks");
        policy.checks()
                .forEach(answer -> checks.addObject()
                        .put("check", answer.check().name())
                        .put("meaning", answer.check().meaning())
                        .put("answer", word(answer.result())));
        edits(node.putArray("edits"), injection, Explanation.given(outcome));
        edits(node.putArray("withheld"), injection, Explanation.withheld(injection, outcome));
        notes(node.putArray("notes"), outcome.notes());
        texts(node.putArray("noted"), policy.noted());
    }

    /** Writes a policy that does not select the workload. */
    static void mismatch(ObjectNode node, Mismatch mismatch) {
        node.put("policy", mismatch.policy().toString());
        mismatch.source().map(PolicySource::where).ifPresent(where -> node.put("where", where));
        node.put("revision", mismatch.revision());
        ArrayNode missed = node.putArray("missed");
        mismatch.report()
                .missed()
                .forEach(part -> missed.addObject()
                        .put("field", part.field())
                        .put("wanted", part.wanted())
                        .put("found", part.found()));
    }

    /** Writes the name of a workload. */
    static void put(ObjectNode node, WorkloadRef ref) {
        node.put("group", ref.group())
                .put("kind", ref.kind())
                .put("namespace", ref.namespace())
                .put("name", ref.name());
    }

    private static String word(CheckResult.Result answer) {
        return switch (answer) {
            case PASSED -> "Passed";
            case DECIDED -> "Decided";
            case NOT_ASKED -> "NotAsked";
        };
    }

    private static void edits(ArrayNode array, Injection injection, List<Edit> edits) {
        edits.forEach(edit ->
                array.addObject().put("edit", edit.place().edit()).put("text", Explanation.text(injection, edit)));
    }

    private static void notes(ArrayNode array, List<Note> notes) {
        notes.forEach(
                note -> array.addObject().put("reason", note.reason().name()).put("message", note.message()));
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}

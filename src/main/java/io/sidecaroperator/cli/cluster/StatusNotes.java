package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.explain.PolicySource;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adds what the operator has written into the status of policies to what the engine says now. */
final class StatusNotes {
    private StatusNotes() {}

    /** Returns the explanation with the notes from the status of its policies. */
    static WorkloadExplanation of(WorkloadExplanation explanation, ClusterPolicies policies) {
        List<PolicyExplanation> noted = explanation.policies().stream()
                .map(policy -> new PolicyExplanation(
                        policy.outcome(), policy.source(), notes(explanation.ref(), policy, policies)))
                .toList();
        return new WorkloadExplanation(
                explanation.where(),
                explanation.injection(),
                noted,
                explanation.mismatches(),
                explanation.noted(),
                explanation.assumptions(),
                explanation.impact());
    }

    private static List<String> notes(WorkloadRef workload, PolicyExplanation policy, ClusterPolicies policies) {
        PolicyKey key = policy.outcome().policy();
        List<String> notes = new ArrayList<>(policy.noted());
        Optional<PolicySource> source = policy.source();
        if (source.isEmpty()) {
            return notes;
        }
        ObjectNode tree = source.get().tree();
        if (!source.get().isOfCluster()) {
            notes.add("as if " + source.get().where() + " were applied");
        } else if (!policies.isTakenUp(key)) {
            notes.add("the operator has not taken up the policy as it is now: does it run?");
        }
        exception(tree, workload)
                .filter(entry -> isOfCluster(entry))
                .ifPresent(entry ->
                        notes.add("the operator says (" + entry.path("reason").asText() + "): "
                                + entry.path("message").asText()));
        if (policy.reason().filter(Reason.RevisionFailed::equals).isPresent()) {
            condition(tree, "Stalled")
                    .filter(stalled -> "True".equals(Json.textAt(stalled, "status")))
                    .map(stalled -> Json.textAt(stalled, "message"))
                    .ifPresent(message -> notes.add("the policy is stalled: " + message));
        } else if (policy.reason().filter(Reason.AwaitsTurn::equals).isPresent()) {
            counts(tree).ifPresent(notes::add);
        }
        return notes;
    }

    /** Whether only the cluster can know this. The engine has just said the rest. */
    private static boolean isOfCluster(JsonNode entry) {
        for (Reason reason : List.of(
                Reason.RejectedByServer, Reason.KeepsBeingRemoved, Reason.DeletePodByHand, Reason.RevisionFailed)) {
            if (reason.name().equals(Json.textAt(entry, "reason"))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<ObjectNode> exception(ObjectNode policy, WorkloadRef workload) {
        return Json.objects(policy.path("status"), "exceptions")
                .filter(entry -> workload.kind().equals(Json.textAt(entry, "kind"))
                        && workload.namespace().equals(Json.textAt(entry, "namespace"))
                        && workload.name().equals(Json.textAt(entry, "name")))
                .findFirst();
    }

    private static Optional<ObjectNode> condition(ObjectNode policy, String type) {
        return Json.objects(policy.path("status"), "conditions")
                .filter(condition -> type.equals(Json.textAt(condition, "type")))
                .findFirst();
    }

    private static Optional<String> counts(ObjectNode policy) {
        JsonNode counts = policy.path("status").path("workloads");
        return counts.isObject()
                ? Optional.of("of " + counts.path("matched").asInt() + " workloads "
                        + counts.path("injected").asInt() + " have it, "
                        + counts.path("progressing").asInt() + " of them are being rolled out, and "
                        + counts.path("outdated").asInt() + " wait")
                : Optional.empty();
    }
}

package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A workload that a cluster stores.
 *
 * @param path how it was found, one sentence each: from a pod by its controllers
 */
record StoredWorkload(WorkloadKind kind, WorkloadRef ref, ObjectNode tree, ObjectNode template, List<String> path) {

    /** The end of a sentence that says why the operator does not change the workload. */
    static final String LEFT_ALONE = ", so the operator leaves it alone; this is what it would be given otherwise";

    /** Returns the workload; empty when it has no template. */
    static Optional<StoredWorkload> of(WorkloadKind kind, ObjectNode tree, List<String> path) {
        return kind.templateOf(tree)
                .map(template -> new StoredWorkload(kind, kind.refOf(tree, ""), tree, template, path));
    }

    /** Returns what the object says about itself. */
    List<String> notes(WorkloadExplanation explanation) {
        List<String> notes = new ArrayList<>(path);
        if (tree.path("metadata").hasNonNull("deletionTimestamp")) {
            notes.add("it is being deleted" + LEFT_ALONE);
        }
        LastWrite.of(tree)
                .filter(record -> record.uid().equals(Json.textAt(tree.path("metadata"), "uid")))
                .ifPresent(record -> notes.add(sentence(record)));
        if (ClusterReader.isReconciled(kind) && isDamaged(explanation)) {
            notes.add("something of what it carries is missing or was changed: the operator puts it back");
        }
        return notes;
    }

    private String sentence(LastWrite record) {
        List<String> changes = new ArrayList<>();
        record.changes()
                .forEach((policy, change) -> changes.add((change.rollback() ? "took policy " : "gave it policy ")
                        + policy
                        + (change.rollback() ? " back to " : " at ")
                        + change.to().map(to -> "revision " + to).orElse("nothing")
                        + change.from()
                                .filter(from -> !change.to().equals(Optional.of(from)))
                                .map(from -> ", before it was at " + from)
                                .orElse("")));
        return "the operator's last write, at " + record.at() + ", " + String.join(" and ", changes) + "; "
                + switch (RolloutState.of(kind, tree)) {
                    case COMPLETE -> "its pods run the template as it is";
                    case PROGRESSING -> "its pods do not all run it yet";
                    case DEFERRED -> "its pods follow when its owner rolls it out";
                };
    }

    /** Whether the template differs although all policies stay at their revisions. */
    private static boolean isDamaged(WorkloadExplanation explanation) {
        boolean same = explanation.policies().stream()
                .map(PolicyExplanation::outcome)
                .allMatch(StoredWorkload::staysAtItsRevision);
        return same && !Engine.CURRENT.inSync(explanation.injection());
    }

    private static boolean staysAtItsRevision(PolicyOutcome outcome) {
        return outcome.retainedRevision().equals(outcome.givenRevision());
    }
}

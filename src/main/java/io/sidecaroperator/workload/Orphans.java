package io.sidecaroperator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Decision;
import io.sidecaroperator.engine.Injection;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.PolicyOutcome;
import io.sidecaroperator.engine.Reason;
import io.sidecaroperator.tree.Json;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The mark, on a workload's own metadata, of policies that were deleted and left what they added to the user. It is not in
 * the pod template, so writing it restarts nothing; the receipt follows with the template's next change.
 */
public final class Orphans {
    /** The annotation: names of policies, sorted, separated by commas. */
    public static final String ANNOTATION = "sidecar-operator.io/orphaned";

    private Orphans() {}

    /** The policies that the workload's mark names. */
    public static SortedSet<PolicyKey> of(JsonNode workload) {
        SortedSet<PolicyKey> policies = new TreeSet<>();
        String mark = Json.textAt(workload.path("metadata").path("annotations"), ANNOTATION);
        if (mark != null) {
            for (String name : mark.split(",", -1)) {
                if (!name.isBlank()) {
                    policies.add(PolicyKey.parse(name.trim()));
                }
            }
        }
        return policies;
    }

    /** The policies that the mark has to name when the template is as this injection wants it. */
    public static SortedSet<PolicyKey> after(Injection injection, boolean templateChanges) {
        SortedSet<PolicyKey> policies = new TreeSet<>();
        for (PolicyKey marked : injection.facts().orphaned()) {
            Optional<PolicyOutcome> outcome = injection.outcomes().stream()
                    .filter(one -> one.policy().equals(marked))
                    .findFirst();
            boolean takenUpAgain = outcome.filter(one -> one.plan().isPresent()).isPresent();
            if (!templateChanges && !takenUpAgain) {
                policies.add(marked);
            }
        }
        injection.outcomes().stream()
                .filter(Orphans::isLeftToUser)
                .map(PolicyOutcome::policy)
                .forEach(policies::add);
        return policies;
    }

    /** Whether the policy is gone and what it added is the user's. */
    public static boolean isLeftToUser(PolicyOutcome outcome) {
        return outcome.plan().isPresent()
                && outcome.decision() instanceof Decision.Skip skip
                && skip.reason() == Reason.LeftToUser;
    }

    /** A copy of a workload's metadata whose mark names these policies. */
    public static ObjectNode mark(ObjectNode metadata, Collection<PolicyKey> policies) {
        ObjectNode marked = metadata.deepCopy();
        ObjectNode annotations = Json.objectAt(marked, "annotations");
        if (!policies.isEmpty()) {
            String names = policies.stream().sorted().map(PolicyKey::toString).collect(Collectors.joining(","));
            (annotations == null ? marked.putObject("annotations") : annotations).put(ANNOTATION, names);
        } else if (annotations != null) {
            annotations.remove(ANNOTATION);
            if (annotations.isEmpty()) {
                marked.remove("annotations");
            }
        }
        return marked;
    }
}

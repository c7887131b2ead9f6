package io.sidecaroperator.validate;

import static io.sidecaroperator.validate.Parts.text;

import java.util.List;

/** What the API has and this release does not do: refused, never ignored. A capability that arrives removes its rule. */
public final class NotSupportedYet {
    private static final String CODE = "NotSupportedYet";

    public static final Rule CLUSTER_POLICY =
            Rule.of(CODE, "false", "ClusterSidecarPolicy is not supported yet", self -> false);

    /** The rules that stand at {@code spec} of a policy. */
    public static final List<Rule> OF_SPEC = List.of(
            only("mode", "Enforce", "Audit"),
            only("deletion", "Remove", "Orphan"),
            absentInRollout("maxConcurrent"),
            absentInRollout("minReadySeconds"),
            absentInRollout("progressDeadlineSeconds"),
            absentInRollout("onFailure"),
            absent("revisionHistoryLimit"));

    private NotSupportedYet() {}

    private static Rule only(String field, String supported, String other) {
        return new Rule(
                CODE,
                "!has(self." + field + ") || self." + field + " == '" + supported + "'",
                other + " is not supported yet",
                field,
                self -> !text(self, field).orElse("").equals(other));
    }

    private static Rule absent(String field) {
        return Rule.absent(CODE, field, field + " is not supported yet");
    }

    private static Rule absentInRollout(String field) {
        return new Rule(
                CODE,
                "!has(self.rollout) || !has(self.rollout." + field + ")",
                field + " is not supported yet",
                "rollout." + field,
                self -> !self.path("rollout").has(field));
    }
}

package io.sidecaroperator.validate;

import java.util.List;

/** What the API has and this release does not do: refused, never ignored. A capability that arrives removes its rule. */
public final class NotSupportedYet {
    private static final String CODE = "NotSupportedYet";

    /** The rules that stand at {@code spec} of a policy. */
    public static final List<Rule> OF_SPEC = List.of(
            ofRollout("maxConcurrent"),
            ofRollout("minReadySeconds"),
            ofRollout("progressDeadlineSeconds"),
            ofRollout("onFailure"));

    private NotSupportedYet() {}

    private static Rule ofRollout(String field) {
        return new Rule(
                CODE,
                "!has(self.rollout) || !has(self.rollout." + field + ")",
                "rollout." + field + " is not supported yet",
                "rollout." + field,
                self -> !self.path("rollout").has(field));
    }
}

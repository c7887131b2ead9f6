package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.injection.Check;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.Reason;
import java.util.ArrayList;
import java.util.List;

/** What became of one check. */
public record CheckResult(Check check, Result result) {
    /** How a check ends. */
    public enum Result {
        /** It had nothing against the policy. */
        PASSED,
        /** It spoke, and so it decided. */
        DECIDED,
        /** Another one had spoken before, or nobody asked. */
        NOT_ASKED
    }

    /** Every check with its answer, in the order in which they are asked. */
    public static List<CheckResult> of(PolicyOutcome outcome) {
        List<CheckResult> answers = new ArrayList<>();
        Result next = isAsked(outcome) ? Result.PASSED : Result.NOT_ASKED;
        for (Check check : Check.values()) {
            boolean decided = outcome.decidedBy().filter(check::equals).isPresent();
            answers.add(new CheckResult(check, decided ? Result.DECIDED : next));
            next = decided ? Result.NOT_ASKED : next;
        }
        return answers;
    }

    /** Nobody asks about the parts of a policy that is not there. */
    private static boolean isAsked(PolicyOutcome outcome) {
        return outcome.decidedBy().isPresent()
                || !(outcome.decision() instanceof Decision.Skip skip
                        && (skip.reason() == Reason.Orphaned
                                || skip.reason() == Reason.LeftToUser
                                || skip.reason() == Reason.RevisionUnknown));
    }
}

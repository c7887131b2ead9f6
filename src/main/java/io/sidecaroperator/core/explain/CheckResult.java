package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.injection.Check;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.Reason;
import java.util.ArrayList;
import java.util.List;

/** The result of one check. */
public record CheckResult(Check check, Result result) {
    /** How a check ends. */
    public enum Result {
        /** The check passed. */
        PASSED,
        /** The check failed, and so it decided. */
        DECIDED,
        /** The check did not run: an earlier one decided, or no check ran at all. */
        NOT_ASKED
    }

    /** Returns every check with its result, in the order in which they run. */
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

    /** Whether checks ran. They do not run for the parts of a policy that is absent. */
    private static boolean isAsked(PolicyOutcome outcome) {
        return outcome.decidedBy().isPresent()
                || !(outcome.decision() instanceof Decision.Skip skip
                        && (skip.reason() == Reason.Orphaned
                                || skip.reason() == Reason.LeftToUser
                                || skip.reason() == Reason.RevisionUnknown));
    }
}

package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.Reason;
import java.util.List;
import java.util.Optional;

/**
 * The result of one policy at one workload.
 *
 * @param source empty for a policy that only the workload's receipt knows
 * @param noted what the cluster's objects say in addition, a sentence each
 */
public record PolicyExplanation(PolicyOutcome outcome, Optional<PolicySource> source, List<String> noted) {
    public PolicyExplanation {
        noted = List.copyOf(noted);
    }

    /** The decision in a word. A policy that could be injected and is pending has a word of its own. */
    public enum Verdict {
        INJECT("Inject"),
        HOLD("Hold"),
        SKIP("Skip"),
        REFUSE("Refuse");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** The word for people and programs. */
        public String word() {
            return word;
        }
    }

    /** The decision. */
    public Verdict verdict() {
        if (outcome.pending().isPresent()) {
            return Verdict.HOLD;
        } else if (outcome.decision() instanceof Decision.Skip) {
            return Verdict.SKIP;
        }
        return outcome.decision() instanceof Decision.Refuse ? Verdict.REFUSE : Verdict.INJECT;
    }

    /** Why it is not injected at its present revision; empty when it is. */
    public Optional<Reason> reason() {
        if (outcome.pending().isPresent()) {
            return outcome.pending().map(pending -> pending.reason());
        } else if (outcome.decision() instanceof Decision.Skip skip) {
            return Optional.of(skip.reason());
        }
        return outcome.decision() instanceof Decision.Refuse refuse ? Optional.of(refuse.reason()) : Optional.empty();
    }

    /** The same reason for a person; empty when it is injected. */
    public String message() {
        if (outcome.pending().isPresent()) {
            return outcome.pending().get().message();
        } else if (outcome.decision() instanceof Decision.Skip skip) {
            return skip.message();
        }
        return outcome.decision() instanceof Decision.Refuse refuse ? refuse.message() : "";
    }

    /** Every check with its result. */
    public List<CheckResult> checks() {
        return CheckResult.of(outcome);
    }
}

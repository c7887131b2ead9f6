package io.sidecaroperator.cli.command;

import io.sidecaroperator.core.explain.CheckResult;
import io.sidecaroperator.core.explain.CheckResult.Result;
import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.explain.Mismatch;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.explain.PolicyExplanation.Verdict;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.receipt.Edit;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes explanations for a person: for each policy the result first, then the reasons, and at the end the assumptions.
 */
final class ExplainText {
    private static final int NEAREST = 5;

    private final StringBuilder text = new StringBuilder();
    private final Style style;
    private final boolean checks;

    private ExplainText(Style style, boolean checks) {
        this.style = style;
        this.checks = checks;
    }

    static String of(List<WorkloadExplanation> explanations, Style style, boolean checks) {
        ExplainText text = new ExplainText(style, checks);
        for (WorkloadExplanation explanation : explanations) {
            text.workload(explanation);
            text.line("");
        }
        text.assumptions(explanations);
        return text.text.toString();
    }

    private void workload(WorkloadExplanation explanation) {
        Injection injection = explanation.injection();
        line(style.bold(explanation.ref() + ", Kubernetes " + injection.input().server()));
        explanation.noted().forEach(note -> line("  " + note));
        injection.notes().forEach(this::note);
        explanation.policies().forEach(policy -> policy(injection, policy));
        mismatches(explanation);
    }

    private void policy(Injection injection, PolicyExplanation policy) {
        line("policy " + policy.outcome().policy() + ": " + headline(injection.input(), policy));
        policy.noted().forEach(note -> line("  " + note));
        boolean selected = policy.outcome().matched();
        if (selected || policy.verdict() == Verdict.HOLD) {
            policy.reason().ifPresent(reason -> line("  what to do: " + reason.advice()));
        }
        if (checks) {
            policy.checks().forEach(this::check);
        } else if (selected) {
            stop(policy);
        }
        PolicyOutcome outcome = policy.outcome();
        Explanation.withheld(injection, outcome)
                .forEach(edit -> line(style.warning("  would add " + text(injection, edit))));
        Explanation.given(outcome).forEach(edit -> line(style.good("  + " + text(injection, edit))));
        outcome.notes().forEach(this::note);
    }

    private String headline(Input input, PolicyExplanation policy) {
        PolicyOutcome outcome = policy.outcome();
        boolean lacks = !outcome.retainedRevision().equals(outcome.givenRevision());
        boolean stored = input.trigger().isInCluster();
        String line = (lacks && stored && policy.verdict() == Verdict.INJECT ? "would be " : "")
                + Explanation.headline(outcome)
                + (policy.verdict() == Verdict.INJECT ? " at revision " + outcome.revision() : "")
                + (lacks
                                && outcome.givenRevision().isEmpty()
                                && outcome.retainedRevision().isPresent()
                        ? "; what it has added is taken out"
                        : "");
        int end = line.indexOf(':') < 0 ? line.length() : line.indexOf(':');
        String answer = line.substring(0, end);
        return switch (policy.verdict()) {
                    case INJECT -> style.good(answer);
                    case REFUSE -> style.bad(answer);
                    case HOLD, SKIP -> style.warning(answer);
                }
                + line.substring(end);
    }

    /** Prints the check that decided, and how many checks came before it. */
    private void stop(PolicyExplanation policy) {
        List<CheckResult> answers = policy.checks();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).result() == Result.DECIDED) {
                line("  stopped at check " + (i + 1) + " of " + answers.size() + ", that "
                        + answers.get(i).check().meaning());
            }
        }
    }

    private void check(CheckResult answer) {
        String meaning = answer.check().meaning();
        line(
                switch (answer.result()) {
                    case PASSED -> "  " + style.good("passed ") + "   " + meaning;
                    case DECIDED -> "  " + style.bad("decided") + "   not so: " + meaning;
                    case NOT_ASKED -> "  not asked " + meaning;
                });
    }

    private void mismatches(WorkloadExplanation explanation) {
        List<Mismatch> mismatches = explanation.mismatches();
        if (!explanation.policies().isEmpty()) {
            if (!mismatches.isEmpty()) {
                line((mismatches.size() == 1 ? "1 other policy does" : mismatches.size() + " other policies do")
                        + " not select it; sidecar policies says why");
            }
            return;
        }
        line("no policy selects it" + (mismatches.isEmpty() ? "" : ":"));
        mismatches.stream()
                .sorted(Comparator.comparingInt(
                        mismatch -> mismatch.report().missed().size()))
                .limit(NEAREST)
                .forEach(mismatch -> line("  policy " + mismatch.policy() + ": " + missed(mismatch)));
        if (mismatches.size() > NEAREST) {
            line("  and " + (mismatches.size() - NEAREST) + " more; sidecar policies lists all");
        }
    }

    /** Returns what does not match, for a person. */
    static String missed(Mismatch mismatch) {
        return mismatch.report().missed().stream().map(Object::toString).collect(Collectors.joining("; "));
    }

    private void assumptions(List<WorkloadExplanation> explanations) {
        Set<String> all = new LinkedHashSet<>();
        explanations.forEach(explanation -> all.addAll(explanation.assumptions()));
        if (!all.isEmpty()) {
            line("assumed:");
            all.forEach(assumption -> line("  " + assumption));
        } else if (text.length() > 0) {
            text.setLength(text.length() - 1);
        }
    }

    private void note(Note note) {
        line("  note " + note.reason() + ": " + note.message());
    }

    private static String text(Injection injection, Edit edit) {
        return Explanation.text(injection, edit);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}

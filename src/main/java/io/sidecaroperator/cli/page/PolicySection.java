package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.explain.CheckResult;
import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.explain.Mismatch;
import io.sidecaroperator.core.explain.PolicyExplanation;
import io.sidecaroperator.core.explain.PolicyExplanation.Verdict;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.receipt.Edit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The policies of one workload in order: each with its decision and the reasons. */
final class PolicySection {
    /** A symbol beside each word, so that the page can be read without colours. */
    private static final Map<Verdict, String> MARKS =
            Map.of(Verdict.INJECT, "+", Verdict.HOLD, "=", Verdict.SKIP, "\u2013", Verdict.REFUSE, "\u00d7");

    private final Html html;
    private final boolean main;
    private final String heading;
    private final String subheading;

    /**
     * @param level the level of the section's heading
     */
    PolicySection(Html html, int level) {
        this.html = html;
        this.main = level == 2;
        this.heading = "h" + level;
        this.subheading = "h" + (level + 1);
    }

    void write(WorkloadSection section, String id) {
        html.open("section", main ? "aria-labelledby" : "class", main ? id + "-policies" : "part");
        html.element(heading, "Policies, in order", "id", id + "-policies").raw("\n");
        notes(section.injection().notes());
        section.explanation().noted().forEach(noted -> html.element("p", noted).raw("\n"));
        if (section.policies().isEmpty()) {
            html.element("p", "No policy selects it.").raw("\n");
        }
        for (int i = 0; i < section.policies().size(); i++) {
            policy(section, section.policies().get(i), i + 1);
        }
        mismatches(section.explanation().mismatches());
        html.end();
    }

    /** Writes a verdict as a word with a symbol. */
    static void tag(Html html, Verdict verdict, String text) {
        html.open("span", "class", "tag " + verdict.name().toLowerCase(Locale.ROOT));
        html.element("span", MARKS.getOrDefault(verdict, ""), "aria-hidden", "true");
        html.text(" " + text).close();
    }

    private void policy(WorkloadSection section, PolicyExplanation policy, int number) {
        PolicyOutcome outcome = policy.outcome();
        html.open("article", "class", "policy");
        html.open(subheading)
                .element("span", String.valueOf(number), "class", "badge")
                .text(" ")
                .element("span", outcome.policy().toString(), "class", "id")
                .text(" ");
        tag(html, policy.verdict(), Summary.word(policy.verdict()));
        html.end();
        html.open("p", "class", "meta").text("Revision ").element("code", outcome.revision());
        outcome.retainedRevision()
                .ifPresent(retained -> html.text(
                        retained.equals(outcome.revision())
                                ? ", which the workload already carries"
                                : "; the workload carries " + retained));
        policy.source().ifPresent(source -> html.text(". From ").element("span", source.where(), "class", "id"));
        html.text(".").end();
        policy.reason().ifPresent(reason -> reason(reason, policy.message()));
        policy.noted().forEach(noted -> html.element("p", noted).raw("\n"));
        edits("Adds", section, Explanation.given(outcome));
        edits("Would add", section, Explanation.withheld(section.injection(), outcome));
        notes(outcome.notes());
        checks(policy);
        html.end();
    }

    private void reason(Reason reason, String message) {
        html.open("p", "class", "why")
                .element("code", reason.toString())
                .text(": " + message + ".")
                .end();
        html.open("p").element("b", "What to do: ").text(reason.advice()).end();
    }

    private void edits(String title, WorkloadSection section, List<Edit> edits) {
        if (!edits.isEmpty()) {
            html.element("p", title, "class", "group");
            html.open("ul", "class", "edits");
            edits.forEach(edit -> html.open("li")
                    .element("code", Explanation.text(section.injection(), edit))
                    .end());
            html.end();
        }
    }

    private void notes(List<Note> notes) {
        if (!notes.isEmpty()) {
            html.element("p", "Notes", "class", "group");
            html.open("ul", "class", "notes");
            for (Note note : notes) {
                html.open("li").element("code", note.reason().toString()).text(": " + note.message() + ". ");
                html.element("span", note.reason().advice(), "class", "dim").end();
            }
            html.end();
        }
    }

    private void checks(PolicyExplanation policy) {
        List<CheckResult> checks = policy.checks();
        html.open("details");
        html.element("summary", "Checks: " + summary(checks));
        html.open("ol", "class", "checks");
        for (CheckResult check : checks) {
            boolean decided = check.result() == CheckResult.Result.DECIDED;
            html.open("li", "class", check.result().name().toLowerCase(Locale.ROOT));
            html.element("b", words(check.result()))
                    .text(" ")
                    .element("code", check.check().toString());
            html.text(": " + (decided ? policy.message() : check.check().meaning()))
                    .end();
        }
        html.end();
        html.end();
    }

    private static String summary(List<CheckResult> checks) {
        long passed = checks.stream()
                .filter(check -> check.result() == CheckResult.Result.PASSED)
                .count();
        if (passed == checks.size()) {
            return "all " + passed + " passed";
        }
        return checks.stream()
                .filter(check -> check.result() == CheckResult.Result.DECIDED)
                .findFirst()
                .map(check -> passed + " passed, then " + check.check() + " decided")
                .orElse("none asked");
    }

    private static String words(CheckResult.Result summary) {
        return switch (summary) {
            case PASSED -> "passed";
            case DECIDED -> "decided";
            case NOT_ASKED -> "not asked";
        };
    }

    private void mismatches(List<Mismatch> mismatches) {
        if (mismatches.isEmpty()) {
            return;
        }
        html.open("details");
        html.element("summary", Summary.plural(mismatches.size(), "policy") + " for others");
        html.open("ul");
        for (Mismatch mismatch : mismatches) {
            html.open("li").element("span", mismatch.policy().toString(), "class", "id");
            mismatch.report().missed().forEach(part -> html.text("; ").text(part.toString()));
            html.text(".").end();
        }
        html.end();
        html.end();
    }
}

package io.sidecaroperator.cli.command;

import io.sidecaroperator.core.explain.PolicyChange;
import io.sidecaroperator.core.explain.PreviewVerdict;
import io.sidecaroperator.core.explain.WorkloadPreview;
import io.sidecaroperator.core.injection.ChangeKind;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import java.util.List;
import java.util.Locale;

/** Writes the changes as a table, their totals, and which policies do not change which workloads. */
final class PreviewSummary {
    private static final List<Reason> HOLDS = List.of(Reason.Audited, Reason.Paused, Reason.AwaitsOwner);

    private final StringBuilder text = new StringBuilder();
    private final PreviewResult result;

    private PreviewSummary(PreviewResult result) {
        this.result = result;
    }

    static String of(PreviewResult result) {
        PreviewSummary summary = new PreviewSummary(result);
        summary.table();
        summary.totals();
        summary.problems(PreviewVerdict.Outcome.REFUSED);
        summary.problems(PreviewVerdict.Outcome.HELD);
        summary.problems(PreviewVerdict.Outcome.SKIPPED);
        return summary.text.toString();
    }

    /** {@code Deployment shop/web: policy shop/logs would be injected when mode: Audit is removed; 3 pods restart}. */
    static String sentence(WorkloadPreview workload, PolicyChange change) {
        String restart = workload.deferred()
                ? "no pod restarts until its owner rolls it out"
                : count(workload.pods(), "pod restarts", "pods restart");
        return workload.ref() + ": policy " + name(change) + " " + future(change.kind())
                + change.pendingFor().map(reason -> " when " + release(reason)).orElse("") + "; " + restart;
    }

    /** {@code would be injected}. */
    static String future(ChangeKind kind) {
        return switch (kind) {
            case Inject -> "would be injected";
            case Update -> "would be updated";
            case Remove -> "would be taken out";
            case Repair -> "would be repaired";
        };
    }

    private void table() {
        Table table = new Table("KIND", "NAMESPACE", "NAME", "POLICY", "CHANGE", "PODS", "HELD-BY");
        for (WorkloadPreview workload : result.changed()) {
            for (PolicyChange change : workload.changes()) {
                table.row(
                        workload.ref().kind(),
                        workload.ref().namespace(),
                        workload.ref().name(),
                        name(change),
                        change.kind().name(),
                        Integer.toString(workload.pods()),
                        change.pendingFor().map(Reason::name).orElse(""));
            }
        }
        if (!table.isEmpty()) {
            text.append(table).append('\n');
        }
    }

    private void totals() {
        PreviewResult.Count all = result.all();
        int refused = result.problems(PreviewVerdict.Outcome.REFUSED).size();
        int held = result.problems(PreviewVerdict.Outcome.HELD).size();
        int skipped = result.problems(PreviewVerdict.Outcome.SKIPPED).size();
        line((result.differs() ? changes(all) : "nothing would change")
                + (refused == 0 ? "" : "; " + refused + " refused")
                + (held == 0 ? "" : "; " + held + " held by a failed revision")
                + (skipped == 0 ? "" : "; " + skipped + " skipped"));
        List<Reason> waiting = HOLDS.stream()
                .filter(reason -> result.pendingFor(reason).workloads() > 0)
                .toList();
        if (!waiting.isEmpty()) {
            line("  now: " + changes(result.now()));
            waiting.forEach(reason -> line("  when " + release(reason) + ": " + changes(result.pendingFor(reason))));
        }
        long deferred = result.deferred().count();
        if (deferred > 0) {
            line("  no pod restarts for " + count((int) deferred, "of the workloads", "of the workloads")
                    + " until its owner next rolls it out: "
                    + String.join(
                            ", ",
                            result.deferred()
                                    .map(workload -> workload.ref().toString())
                                    .toList()));
        }
    }

    private void problems(PreviewVerdict.Outcome outcome) {
        for (PreviewResult.ExcludedWorkload exception : result.problems(outcome)) {
            PreviewVerdict verdict = exception.verdict();
            line(exception.workload().ref() + ": policy " + verdict.policy() + " " + outcome.word() + " ("
                    + verdict.reason() + "): " + verdict.message());
            if (outcome == PreviewVerdict.Outcome.REFUSED) {
                line("  " + verdict.reason().advice());
            }
        }
    }

    private static String changes(PreviewResult.Count count) {
        return count(count.workloads(), "workload", "workloads") + " would change and "
                + count(count.pods(), "pod", "pods") + " restart";
    }

    /** Returns what the owner of the policy does to release the change. */
    private static String release(Reason pending) {
        return switch (pending) {
            case Audited -> "mode: Audit is removed";
            case Paused -> "rollout.paused is removed";
            case AwaitsOwner -> "its owner next changes it (strategy: OnNextRollout)";
            default -> pending.meaning().toLowerCase(Locale.ROOT);
        };
    }

    private static String name(PolicyChange change) {
        return change.policy().map(PolicyKey::toString).orElse("-");
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}

package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.cluster.UninstallPlan;
import io.sidecaroperator.cli.cluster.WorkloadStrip;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Writes what the removal of the operator would do, for the person who has to agree. */
final class UninstallReport {
    private UninstallReport() {}

    /** Returns the workloads as a table, then everything else, then what stays. */
    static String of(UninstallPlan plan, boolean deletePolicies) {
        StringBuilder text = new StringBuilder();
        Table table = new Table("KIND", "NAMESPACE", "NAME", "TAKE-OUT", "LEAVE", "PODS");
        for (WorkloadStrip change : plan.changes()) {
            table.row(
                    change.ref().kind(),
                    change.ref().namespace(),
                    change.ref().name(),
                    names(change.taken()),
                    names(change.left()),
                    Integer.toString(change.pods()));
        }
        if (!table.isEmpty()) {
            text.append(table).append('\n');
        }
        plan.webhooks().forEach(webhook -> line(text, "delete MutatingWebhookConfiguration " + webhook.name()));
        List<WorkloadStrip> changes = plan.changes();
        line(
                text,
                changes.isEmpty()
                        ? "no workload carries anything of a policy"
                        : "change " + count(changes.size(), "workload", "workloads") + "; "
                                + count(plan.pods(), "pod restarts", "pods restart"));
        long waiting =
                changes.stream().filter(one -> one.restarts() && one.deferred()).count();
        if (waiting > 0) {
            line(text, "  " + waiting + " of them replace no pod until their owners roll them out");
        }
        plan.marked().forEach(policy -> line(text, "take the " + policy.marks() + " off " + policy));
        if (deletePolicies) {
            plan.policies().forEach(policy -> line(text, "delete " + policy));
        }
        plan.leases().forEach(lease -> line(text, "delete " + lease));
        text.append(staying(plan));
        return text.toString();
    }

    /** {@code Deployment shop/web: took out policy shop/logs; 3 pods restart}. */
    static String done(WorkloadStrip change) {
        String taken = change.taken().isEmpty() ? "" : "took out policy " + names(change.taken());
        String left = change.left().isEmpty() ? "" : "what policy " + names(change.left()) + " added is the user's now";
        String what = taken.isEmpty() && left.isEmpty()
                ? "took off the record of a rollout"
                : taken + (taken.isEmpty() || left.isEmpty() ? "" : ", ") + left;
        String pods = change.restarts() && change.deferred()
                ? "no pod restarts until its owner rolls it out"
                : change.pods() == 0 ? "no pod restarts" : count(change.pods(), "pod restarts", "pods restart");
        return change.ref() + ": " + what + "; " + pods;
    }

    private static String staying(UninstallPlan plan) {
        return plan.staying()
                .map(kept -> kept.pods() + kept.jobs() == 0
                        ? ""
                        : "stay as they are until they end: " + count(kept.pods(), "bare pod", "bare pods") + ", "
                                + count(kept.jobs(), "job", "jobs") + "\n")
                .orElse("bare pods and jobs stay as they are until they end; how many there are may not be read\n");
    }

    static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private static String names(Collection<PolicyKey> policies) {
        return policies.stream().map(PolicyKey::toString).collect(Collectors.joining(", "));
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}

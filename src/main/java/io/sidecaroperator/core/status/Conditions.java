package io.sidecaroperator.core.status;

import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.PolicyCondition.Status;
import io.sidecaroperator.api.v1alpha1.PolicyCondition.Type;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.podsecurity.PodSecurityLevel;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The conditions of a policy. The time of a condition changes only when its status does. */
final class Conditions {
    /** The reasons that mean a conflict: two owners want the same name or value. */
    private static final Set<Reason> CONFLICTS = Set.of(
            Reason.ContainerNameTaken,
            Reason.VolumeNameTaken,
            Reason.MountPathInUse,
            Reason.EnvTaken,
            Reason.HostAliasTaken,
            Reason.MetadataTaken,
            Reason.KeepsBeingRemoved);

    private static final String REVISION_FAILED = Reason.RevisionFailed.name();

    private final List<PolicyCondition> before;
    private final PolicyView policy;
    private final RevisionProgress revisions;
    private final Clock clock;
    private final List<PolicyCondition> conditions = new ArrayList<>();

    private Conditions(List<PolicyCondition> before, Findings findings, Clock clock) {
        this.before = before;
        this.policy = findings.policy();
        this.revisions = findings.revisions();
        this.clock = clock;
    }

    /** The input of the conditions. */
    record Findings(
            PolicyView policy, WorkloadTotals totals, List<Problems.Problem> problems, RevisionProgress revisions) {}

    static List<PolicyCondition> of(List<PolicyCondition> before, Findings findings, Clock clock) {
        PolicyView policy = findings.policy();
        WorkloadTotals totals = findings.totals();
        Conditions result = new Conditions(before, findings, clock);
        if (!policy.problems().isEmpty() && !policy.deleting()) {
            result.invalid();
        } else if (policy.deleting()) {
            result.moving(totals);
        } else if (policy.notKept().isPresent()) {
            result.notKept(policy.notKept().get(), totals);
        } else if (policy.state().audit()) {
            result.quiet("Audited", "mode: Audit changes nothing: " + result.progress(totals));
        } else if (policy.state().paused()) {
            result.quiet("Paused", "the rollout is paused: " + result.progress(totals));
        } else if (result.revisions.failed().isPresent()) {
            result.failed(totals);
        } else if (totals.settled()) {
            result.settled(totals);
        } else {
            result.moving(totals);
        }
        result.conflicted(findings.problems());
        if (policy.problems().isEmpty()) {
            result.podSecurity(findings.problems());
        }
        return result.conditions;
    }

    private void invalid() {
        String message = andMore(policy.problems());
        add(Type.Ready, Status.False, "InvalidPolicy", message);
        add(Type.Reconciling, Status.False, "InvalidPolicy", "nothing is changed until the policy is corrected");
        add(Type.Stalled, Status.True, "InvalidPolicy", message);
    }

    private void moving(WorkloadTotals totals) {
        String reason = policy.deleting() ? "Removing" : "RollingOut";
        String message = policy.deleting() ? "the policy is being deleted" + terminating(totals) : progress(totals);
        add(Type.Ready, Status.False, reason, message);
        add(Type.Reconciling, Status.True, reason, message);
        add(Type.Stalled, Status.False, reason, "nothing has failed");
    }

    private void notKept(String why, WorkloadTotals totals) {
        String message = "revision " + policy.revision().orElse("") + " cannot be kept for later: " + why;
        add(Type.Ready, Status.False, "RevisionNotKept", message);
        add(Type.Reconciling, Status.True, "RevisionNotKept", "it is tried again; " + progress(totals));
        add(Type.Stalled, Status.False, "RevisionNotKept", "nothing has failed");
    }

    private void failed(WorkloadTotals totals) {
        String message = "revision " + revisions.failed().orElse("") + " has failed: " + progress(totals);
        add(Type.Ready, Status.False, REVISION_FAILED, message);
        add(Type.Reconciling, Status.False, REVISION_FAILED, "no further workload gets the revision");
        stalled(REVISION_FAILED);
    }

    /** A failure is reported as it was first seen, because the workload may have gone back since. */
    private void stalled(String reason) {
        if (revisions.failed().isEmpty()) {
            add(Type.Stalled, Status.False, reason, "nothing has failed");
            return;
        }
        String failed = "revision " + revisions.failed().get();
        String reported = before.stream()
                .filter(old -> old.type() == Type.Stalled && old.reason().equals(REVISION_FAILED))
                .map(PolicyCondition::message)
                .filter(message -> message.startsWith(failed + " "))
                .findFirst()
                .or(revisions::cause)
                .orElse(failed + " failed");
        add(Type.Stalled, Status.True, REVISION_FAILED, reported);
    }

    private void settled(WorkloadTotals totals) {
        String reason = totals.matched() == 0
                ? "NoWorkloads"
                : totals.awaitingOwner() > 0
                        ? Reason.AwaitsOwner.name()
                        : totals.injected() == 0 ? "NothingInjected" : "Injected";
        quiet(reason, totals.matched() == 0 ? "no workload matches the policy" : progress(totals));
    }

    /** The operator has no work left. */
    private void quiet(String reason, String message) {
        add(Type.Ready, Status.True, reason, message);
        add(Type.Reconciling, Status.False, reason, "every matched workload was looked at");
        stalled(reason);
    }

    private void podSecurity(List<Problems.Problem> problems) {
        List<String> refused = problems.stream()
                .filter(item -> item.syncStatus().reason().equals(Optional.of(Reason.PodSecurity)))
                .map(item -> item.workload() + ": " + item.syncStatus().message())
                .toList();
        PodSecurityLevel level = policy.cost().level();
        if (refused.isEmpty()) {
            String word = level.toString();
            add(
                    Type.PodSecurityCompatible,
                    Status.True,
                    word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1),
                    "the sidecars reach the Pod Security level " + level);
        } else {
            add(Type.PodSecurityCompatible, Status.False, Reason.PodSecurity.name(), andMore(refused));
        }
    }

    private void conflicted(List<Problems.Problem> problems) {
        List<Problems.Problem> conflicts = problems.stream()
                .filter(item ->
                        item.syncStatus().reason().filter(CONFLICTS::contains).isPresent())
                .toList();
        if (conflicts.isEmpty()) {
            add(Type.Conflicted, Status.False, "NoConflict", "nobody else uses the names that the policy adds");
            return;
        }
        add(
                Type.Conflicted,
                Status.True,
                conflicts.get(0).reason(),
                andMore(conflicts.stream()
                        .map(item -> item.workload() + ": " + item.syncStatus().message())
                        .toList()));
    }

    private String progress(WorkloadTotals totals) {
        StringBuilder text = new StringBuilder(totals.injected() + " of " + totals.matched()
                + (totals.matched() == 1 ? " workload" : " workloads") + " injected");
        append(text, totals.outdated() - totals.pending(), " to be written");
        append(text, totals.pending(), policy.state().audit() ? " would be changed" : " held back");
        append(text, totals.progressing(), " rolling out");
        append(text, totals.refused(), " refused");
        append(text, totals.skipped(), " skipped");
        return text + terminating(totals);
    }

    private static String terminating(WorkloadTotals totals) {
        return totals.terminating() == 0
                ? ""
                : ", " + totals.terminating() + (totals.terminating() == 1 ? " workload" : " workloads")
                        + " still to be cleaned";
    }

    private static void append(StringBuilder text, int count, String what) {
        if (count > 0) {
            text.append(", ").append(count).append(what);
        }
    }

    private static String andMore(List<String> messages) {
        return messages.size() == 1 ? messages.get(0) : messages.get(0) + " (and " + (messages.size() - 1) + " more)";
    }

    private void add(Type type, Status status, String reason, String message) {
        String time = before.stream()
                .filter(old -> old.type() == type && old.status() == status)
                .map(PolicyCondition::lastTransitionTime)
                .findFirst()
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.add(new PolicyCondition(type, status, reason, message, time, policy.generation()));
    }
}

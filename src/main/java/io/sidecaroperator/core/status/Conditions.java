package io.sidecaroperator.core.status;

import io.sidecaroperator.api.v1alpha1.PolicyCondition.Status;
import io.sidecaroperator.api.v1alpha1.PolicyCondition.Type;
import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.podsecurity.PodSecurityLevel;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The conditions of a policy. A condition's time moves only when its status does. */
final class Conditions {
    /** The reasons that mean: two owners want the same thing. */
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

    /** What the conditions are about. */
    record Findings(PolicyView policy, WorkloadTotals tally, List<Problems.Problem> exceptions, RevisionProgress revisions) {}

    static List<PolicyCondition> of(List<PolicyCondition> before, Findings findings, Clock clock) {
        PolicyView policy = findings.policy();
        WorkloadTotals tally = findings.tally();
        Conditions result = new Conditions(before, findings, clock);
        if (!policy.problems().isEmpty() && !policy.deleting()) {
            result.invalid();
        } else if (policy.deleting()) {
            result.moving(tally);
        } else if (policy.notKept().isPresent()) {
            result.notKept(policy.notKept().get(), tally);
        } else if (policy.state().audit()) {
            result.quiet("Audited", "mode: Audit changes nothing: " + result.progress(tally));
        } else if (policy.state().paused()) {
            result.quiet("Paused", "the rollout is paused: " + result.progress(tally));
        } else if (result.revisions.failed().isPresent()) {
            result.failed(tally);
        } else if (tally.settled()) {
            result.settled(tally);
        } else {
            result.moving(tally);
        }
        result.conflicted(findings.exceptions());
        if (policy.problems().isEmpty()) {
            result.podSecurity(findings.exceptions());
        }
        return result.conditions;
    }

    private void invalid() {
        String message = andMore(policy.problems());
        add(Type.Ready, Status.False, "InvalidPolicy", message);
        add(Type.Reconciling, Status.False, "InvalidPolicy", "nothing is changed until the policy is corrected");
        add(Type.Stalled, Status.True, "InvalidPolicy", message);
    }

    private void moving(WorkloadTotals tally) {
        String reason = policy.deleting() ? "Removing" : "RollingOut";
        String message = policy.deleting() ? "the policy is being deleted" + leaving(tally) : progress(tally);
        add(Type.Ready, Status.False, reason, message);
        add(Type.Reconciling, Status.True, reason, message);
        add(Type.Stalled, Status.False, reason, "nothing has failed");
    }

    private void notKept(String why, WorkloadTotals tally) {
        String message = "revision " + policy.revision().orElse("") + " cannot be kept for later: " + why;
        add(Type.Ready, Status.False, "RevisionNotKept", message);
        add(Type.Reconciling, Status.True, "RevisionNotKept", "it is tried again; " + progress(tally));
        add(Type.Stalled, Status.False, "RevisionNotKept", "nothing has failed");
    }

    private void failed(WorkloadTotals tally) {
        String message = "revision " + revisions.failed().orElse("") + " has failed: " + progress(tally);
        add(Type.Ready, Status.False, REVISION_FAILED, message);
        add(Type.Reconciling, Status.False, REVISION_FAILED, "no further workload gets the revision");
        stalled(REVISION_FAILED);
    }

    /** A failure is told as it was first seen: the workload may have gone back since. */
    private void stalled(String reason) {
        if (revisions.failed().isEmpty()) {
            add(Type.Stalled, Status.False, reason, "nothing has failed");
            return;
        }
        String failed = "revision " + revisions.failed().get();
        String told = before.stream()
                .filter(old -> old.type() == Type.Stalled && old.reason().equals(REVISION_FAILED))
                .map(PolicyCondition::message)
                .filter(message -> message.startsWith(failed + " "))
                .findFirst()
                .or(revisions::cause)
                .orElse(failed + " failed");
        add(Type.Stalled, Status.True, REVISION_FAILED, told);
    }

    private void settled(WorkloadTotals tally) {
        String reason = tally.matched() == 0
                ? "NoWorkloads"
                : tally.awaitingOwner() > 0
                        ? Reason.AwaitsOwner.name()
                        : tally.injected() == 0 ? "NothingInjected" : "Injected";
        quiet(reason, tally.matched() == 0 ? "no workload matches the policy" : progress(tally));
    }

    /** Nothing is left for the operator to do. */
    private void quiet(String reason, String message) {
        add(Type.Ready, Status.True, reason, message);
        add(Type.Reconciling, Status.False, reason, "every matched workload was looked at");
        stalled(reason);
    }

    private void podSecurity(List<Problems.Problem> exceptions) {
        List<String> refused = exceptions.stream()
                .filter(item -> item.standing().reason().equals(Optional.of(Reason.PodSecurity)))
                .map(item -> item.workload() + ": " + item.standing().message())
                .toList();
        PodSecurityLevel level = policy.footprint().level();
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

    private void conflicted(List<Problems.Problem> exceptions) {
        List<Problems.Problem> conflicts = exceptions.stream()
                .filter(item ->
                        item.standing().reason().filter(CONFLICTS::contains).isPresent())
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
                        .map(item -> item.workload() + ": " + item.standing().message())
                        .toList()));
    }

    private String progress(WorkloadTotals tally) {
        StringBuilder text = new StringBuilder(tally.injected() + " of " + tally.matched()
                + (tally.matched() == 1 ? " workload" : " workloads") + " injected");
        append(text, tally.outdated() - tally.held(), " to be written");
        append(text, tally.held(), policy.state().audit() ? " would be changed" : " held back");
        append(text, tally.progressing(), " rolling out");
        append(text, tally.refused(), " refused");
        append(text, tally.skipped(), " skipped");
        return text + leaving(tally);
    }

    private static String leaving(WorkloadTotals tally) {
        return tally.leaving() == 0
                ? ""
                : ", " + tally.leaving() + (tally.leaving() == 1 ? " workload" : " workloads") + " still to be cleaned";
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

package io.sidecaroperator.core.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.ChangeKind;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.Ownership;
import io.sidecaroperator.core.workload.Restarts;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the reconciler would do to workloads if policies released everything that is pending. It asks the same engine
 * with the same input and the same trigger, so its result is what happens then.
 */
public final class Preview {
    private final PolicySet policies;
    private final KubernetesVersion server;
    private final WorkloadKinds kinds;

    /**
     * @param server the version of the API server that runs the pods
     * @param kinds the kinds of workloads, which may own each other
     */
    public Preview(PolicySet policies, KubernetesVersion server, WorkloadKinds kinds) {
        this.policies = policies;
        this.server = server;
        this.kinds = kinds;
    }

    /**
     * Returns what would happen to a workload. Empty when the reconciler leaves it alone: it is being deleted, has no
     * template, or has an owner.
     */
    public Optional<WorkloadPreview> of(WorkloadKind kind, ObjectNode workload, Input.InNamespace namespace) {
        boolean leftAlone = workload.path("metadata").hasNonNull("deletionTimestamp")
                || Ownership.controllerOf(workload)
                        .filter(owner -> kinds.isLeftTo(owner, kind))
                        .isPresent();
        return leftAlone
                ? Optional.empty()
                : kind.templateOf(workload).map(template -> of(kind, workload, input(kind, workload, namespace)));
    }

    private Input input(WorkloadKind kind, ObjectNode workload, Input.InNamespace namespace) {
        return Input.ofTemplate(
                        kind.refOf(workload, ""),
                        namespace,
                        kind.templateOf(workload).orElseThrow(),
                        server,
                        Trigger.Resync.FREELY)
                .withClaimNames(WorkloadKind.claimNames(workload))
                .withOrphaned(OrphanedAnnotation.of(workload));
    }

    private WorkloadPreview of(WorkloadKind kind, JsonNode workload, Input input) {
        Injection asStored = inject(input, policies.asStored());
        Injection released = inject(input, policies.released());
        boolean now = !Engine.CURRENT.inSync(asStored);
        boolean later = !Engine.CURRENT.inSync(released);
        // A pending change can undo what happens now: a policy in Audit may want a name before another one.
        Injection shown = later || !now ? released : asStored;
        boolean deferred = RolloutState.of(kind, workload) == RolloutState.DEFERRED;
        return new WorkloadPreview(
                input.ref(),
                input.template(),
                now || later ? shown.template() : input.template(),
                now || later ? changes(shown, asStored) : List.of(),
                now,
                Restarts.of(kind, workload),
                deferred,
                verdicts(released));
    }

    private List<PolicyChange> changes(Injection shown, Injection asStored) {
        List<PolicyChange> changes = new ArrayList<>();
        for (PolicyOutcome outcome : shown.outcomes()) {
            Optional<PolicyKey> key = Optional.of(outcome.policy());
            Optional<ChangeKind> change = outcome.change();
            if (change.isPresent()) {
                changes.add(new PolicyChange(key, change.get(), pending(outcome, asStored)));
            } else if (outcome.retainedRevision().isPresent() && isRepaired(shown.input(), outcome.policy())) {
                changes.add(new PolicyChange(
                        key,
                        ChangeKind.Repair,
                        policies.pendingOf(outcome.policy()).filter(Reason.Audited::equals)));
            }
        }
        if (changes.isEmpty()) {
            changes.add(new PolicyChange(Optional.empty(), ChangeKind.Repair, Optional.empty()));
        }
        return changes;
    }

    private Optional<Reason> pending(PolicyOutcome wanted, Injection asStored) {
        Optional<PolicyOutcome> outcome = asStored.outcomes().stream()
                .filter(one -> one.policy().equals(wanted.policy()))
                .findFirst();
        boolean happens = outcome.flatMap(PolicyOutcome::givenRevision).equals(wanted.givenRevision());
        return happens ? Optional.empty() : policies.pendingOf(wanted.policy());
    }

    /** Whether this policy alone changes anything, while all others only evaluate. */
    private boolean isRepaired(Input input, PolicyKey key) {
        return !Engine.CURRENT.inSync(inject(input, policies.alone(key)));
    }

    /** Returns the policies that select the workload and are not injected. */
    public static List<PreviewVerdict> verdicts(Injection injection) {
        return injection.outcomes().stream()
                .flatMap(outcome -> verdict(outcome).stream())
                .toList();
    }

    private static Optional<PreviewVerdict> verdict(PolicyOutcome outcome) {
        PolicyKey key = outcome.policy();
        if (outcome.decision() instanceof Decision.Refuse refuse) {
            return Optional.of(
                    new PreviewVerdict(key, PreviewVerdict.Outcome.REFUSED, refuse.reason(), refuse.message()));
        }
        if (outcome.decision() instanceof Decision.Skip skip) {
            // Parts that are kept belong to an absent policy. It is not a policy that stays away.
            return skip.reason().keepsParts()
                    ? Optional.empty()
                    : Optional.of(
                            new PreviewVerdict(key, PreviewVerdict.Outcome.SKIPPED, skip.reason(), skip.message()));
        }
        return outcome.pending()
                .map(pending ->
                        new PreviewVerdict(key, PreviewVerdict.Outcome.HELD, pending.reason(), pending.message()));
    }

    private static Injection inject(Input input, PolicyIndex index) {
        return Engine.CURRENT.inject(input, index);
    }
}

package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.api.v1alpha1.WorkloadCounts;
import io.sidecaroperator.api.v1alpha1.WorkloadExceptionEntry;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.status.StatusJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A policy as its status describes it.
 *
 * @param current whether the status is about the policy as it is now
 * @param conditions the conditions of the status
 * @param revision what it injects now; empty when the operator has not reconciled it yet
 */
public record ObservedPolicy(
        PolicyKey key,
        String mode,
        Optional<Instant> created,
        boolean deleting,
        boolean current,
        List<PolicyCondition> conditions,
        WorkloadCounts counts,
        Optional<String> revision,
        Optional<String> proven,
        Optional<String> failed,
        List<WorkloadExceptionEntry> exceptions) {
    private static final WorkloadCounts NONE = new WorkloadCounts(0, 0, 0, 0, 0, 0);

    public ObservedPolicy {
        conditions = List.copyOf(conditions);
        exceptions = List.copyOf(exceptions);
    }

    static ObservedPolicy of(ObjectNode policy) {
        Optional<SidecarPolicyStatus> status = Optional.ofNullable(StatusJson.read(policy.get("status")));
        String mode = Json.textAt(policy.path("spec"), "mode");
        long generation = policy.path("metadata").path("generation").asLong(0);
        return new ObservedPolicy(
                PolicyCompiler.keyOf(policy),
                mode == null ? "Enforce" : mode,
                time(Json.textAt(policy.path("metadata"), "creationTimestamp")),
                policy.path("metadata").hasNonNull("deletionTimestamp"),
                status.map(SidecarPolicyStatus::observedGeneration)
                        .filter(observed -> observed >= generation)
                        .isPresent(),
                status.map(SidecarPolicyStatus::conditions).orElse(List.of()),
                status.map(SidecarPolicyStatus::workloads).orElse(NONE),
                status.map(SidecarPolicyStatus::revision),
                status.map(SidecarPolicyStatus::provenRevision),
                status.map(SidecarPolicyStatus::failedRevision),
                status.map(SidecarPolicyStatus::exceptions).orElse(List.of()));
    }

    /** Returns the condition of this type, if the status has it. */
    public Optional<PolicyCondition> condition(PolicyCondition.Type type) {
        return conditions.stream().filter(one -> one.type() == type).findFirst();
    }

    /** Whether the operator has done everything that the policy asks for, as it is now. */
    public boolean isReady() {
        return current && is(PolicyCondition.Type.Ready);
    }

    /** Whether it will not become ready by itself. */
    public boolean isStalled() {
        return current && is(PolicyCondition.Type.Stalled);
    }

    /** Returns why it is not ready, in a sentence; empty when it is ready. */
    public Optional<String> trouble() {
        if (isStalled()) {
            return condition(PolicyCondition.Type.Stalled)
                    .map(one -> "Stalled (" + one.reason() + "): " + one.message());
        } else if (isReady()) {
            return Optional.empty();
        } else if (!current) {
            return Optional.of(
                    conditions.isEmpty()
                            ? "the operator has not looked at it yet; does it run?"
                            : "the operator has not looked at its last change yet; does it run?");
        }
        return condition(PolicyCondition.Type.Ready).map(one -> one.reason() + ": " + one.message());
    }

    /**
     * Returns why its status may be outdated: it counts workloads as injected, but these workloads do not have its
     * parts.
     */
    Optional<String> doubt(List<ObservedWorkload> workloads) {
        boolean retained =
                workloads.stream().anyMatch(workload -> workload.retained(key).isPresent());
        if (retained || !current || deleting || counts.injected() == 0) {
            return Optional.empty();
        }
        String since = condition(PolicyCondition.Type.Ready)
                .map(ready -> " (Ready: " + ready.status() + " since " + ready.lastTransitionTime() + ")")
                .orElse("");
        return Optional.of(key + ": its status says " + counts.injected() + " injected" + since
                + ", but no workload carries it now: does the operator run? Kinds of your own are looked at only when"
                + " --workload-kind names them");
    }

    private boolean is(PolicyCondition.Type type) {
        return condition(type)
                .filter(one -> one.status() == PolicyCondition.Status.True)
                .isPresent();
    }

    static Optional<Instant> time(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

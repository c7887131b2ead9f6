package io.sidecaroperator.operator.write;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.operator.write.EventRecorder.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Posts events about changes of a policy's status. Their number depends on the changes only, not on the number of
 * workloads.
 */
public final class PolicyEvents {
    private final EventRecorder recorder;

    public PolicyEvents(EventRecorder recorder) {
        this.recorder = recorder;
    }

    /** Posts events for the difference between two statuses. */
    public void tell(HasMetadata policy, @Nullable SidecarPolicyStatus before, SidecarPolicyStatus after) {
        notices(before, after).forEach(notice -> recorder.post(policy, notice));
    }

    static List<Notice> notices(@Nullable SidecarPolicyStatus before, SidecarPolicyStatus after) {
        List<Notice> notices = new ArrayList<>();
        turned(PolicyCondition.Type.Stalled, before, after)
                .ifPresent(condition -> notices.add(notice(condition.reason(), true, condition, after)));
        turned(PolicyCondition.Type.Conflicted, before, after)
                .ifPresent(condition -> notices.add(notice("Conflicted", true, condition, after)));
        turned(PolicyCondition.Type.Ready, before, after)
                .ifPresent(condition -> notices.add(notice("Ready", false, condition, after)));
        return notices;
    }

    /** Returns the condition if it is True now and was not True before for this revision. */
    private static Optional<PolicyCondition> turned(
            PolicyCondition.Type type, @Nullable SidecarPolicyStatus before, SidecarPolicyStatus after) {
        boolean sameRevision = before != null && Objects.equals(before.revision(), after.revision());
        return isTrue(type, after)
                .filter(now ->
                        !sameRevision || before == null || isTrue(type, before).isEmpty());
    }

    private static Optional<PolicyCondition> isTrue(PolicyCondition.Type type, SidecarPolicyStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.type() == type && condition.status() == PolicyCondition.Status.True)
                .findFirst();
    }

    private static Notice notice(
            String reason, boolean warning, PolicyCondition condition, SidecarPolicyStatus status) {
        String identity = status.revision() + " " + status.observedGeneration() + " " + condition.lastTransitionTime();
        return new Notice(warning, reason, "Evaluated", condition.message(), identity);
    }
}

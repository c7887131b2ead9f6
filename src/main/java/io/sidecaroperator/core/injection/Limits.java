package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.podsecurity.LimitRanges;
import io.sidecaroperator.core.podsecurity.PodLevelResources;
import io.sidecaroperator.core.podsecurity.PodSecurity;
import io.sidecaroperator.core.podsecurity.PodSecurityLevel;
import io.sidecaroperator.core.podsecurity.PodSecurityStandard;
import io.sidecaroperator.core.podsecurity.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the API server would say about pods with a policy's parts. An injection never turns a valid pod into a rejected
 * one. What the pod violates without the policy does not count against the policy.
 */
final class Limits {
    private final PodSecurityStandard standard;
    private final LimitRanges ranges;
    private final ObjectNode user;
    private final List<Plan> plans = new ArrayList<>();

    Limits(Input.InNamespace namespace, KubernetesVersion server, ObjectNode user) {
        this.standard = PodSecurityStandard.enforcedBy(namespace.labels()).on(server.minor());
        this.ranges = LimitRanges.of(namespace.limitRanges());
        this.user = user;
    }

    /** Registers what a policy adds, so that the next one is assessed together with it. */
    void add(Plan plan) {
        plans.add(plan);
    }

    /** Whether the namespace or the pod has limits. Most have no limits, and then no plan needs an assessment. */
    boolean apply() {
        return isSecured() || ranges != LimitRanges.NONE || user.path("spec").has("resources");
    }

    /** Returns Inject, or why the API server would refuse the pods with this plan though it accepts them without. */
    Decision decide(Plan plan) {
        boolean secured = isSecured();
        ObjectNode before = Applier.apply(user, plans);
        List<Plan> all = new ArrayList<>(plans);
        all.add(plan);
        ObjectNode after = Applier.apply(user, all);
        return refusal(
                        Reason.PodSecurity,
                        "pod-security.kubernetes.io/enforce=" + standard,
                        secured ? PodSecurity.violations(standard, before) : List.of(),
                        secured ? PodSecurity.violations(standard, after) : List.of())
                .or(() -> refusal(
                        Reason.LimitRange,
                        "the namespace's LimitRanges",
                        ranges.violations(before),
                        ranges.violations(after)))
                .or(() -> refusal(
                        Reason.LimitRange,
                        "the resources of the pod",
                        PodLevelResources.violations(before, ranges),
                        PodLevelResources.violations(after, ranges)))
                .orElseGet(Decision.Inject::new);
    }

    private boolean isSecured() {
        return standard.level() != PodSecurityLevel.PRIVILEGED;
    }

    private static Optional<Decision> refusal(Reason reason, String by, List<Violation> before, List<Violation> after) {
        List<Violation> added = Violation.added(before, after);
        if (added.isEmpty()) {
            return Optional.empty();
        }
        String more = added.size() == 1 ? "" : " (and " + (added.size() - 1) + " more)";
        return Optional.of(new Decision.Refuse(reason, by + ": " + added.get(0) + more));
    }
}

package io.sidecaroperator.operator.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.PolicyCondition.Status;
import io.sidecaroperator.api.v1alpha1.PolicyCondition.Type;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyEventsTest {
    @Test
    void aTurnIsToldOnceAndAgainForANewRevision() {
        SidecarPolicyStatus rolling = status("r1", Status.False, Status.False, Status.False);
        SidecarPolicyStatus ready = status("r1", Status.True, Status.False, Status.False);
        SidecarPolicyStatus newer = status("r2", Status.True, Status.False, Status.False);

        assertThat(told(null, rolling)).isEmpty();
        assertThat(told(rolling, ready)).containsExactly("Ready");
        assertThat(told(ready, ready)).isEmpty();
        assertThat(told(ready, newer)).containsExactly("Ready");
    }

    @Test
    void troubleIsAWarning() {
        SidecarPolicyStatus trouble = status("r1", Status.False, Status.True, Status.True);

        assertThat(told(null, trouble)).containsExactly("Warning BecauseOfStalled", "Warning Conflicted");
    }

    private static List<String> told(@Nullable SidecarPolicyStatus before, SidecarPolicyStatus after) {
        return PolicyEvents.notices(before, after).stream()
                .map(notice -> (notice.warning() ? "Warning " : "") + notice.reason())
                .toList();
    }

    private static SidecarPolicyStatus status(String revision, Status ready, Status stalled, Status conflicted) {
        return new SidecarPolicyStatus(
                List.of(
                        condition(Type.Ready, ready),
                        condition(Type.Stalled, stalled),
                        condition(Type.Conflicted, conflicted)),
                1L,
                revision,
                null,
                null,
                null,
                Map.of(),
                List.of(),
                null);
    }

    private static PolicyCondition condition(Type type, Status status) {
        return new PolicyCondition(type, status, "BecauseOf" + type, "a sentence", "2026-01-01T12:00:00Z", 1L);
    }
}

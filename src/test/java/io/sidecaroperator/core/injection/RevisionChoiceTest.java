package io.sidecaroperator.core.injection;

import static io.sidecaroperator.core.injection.RevisionChoice.TargetRevision.NEWEST;
import static io.sidecaroperator.core.injection.RevisionChoice.TargetRevision.NONE;
import static io.sidecaroperator.core.injection.RevisionChoice.TargetRevision.PROVEN;
import static io.sidecaroperator.core.injection.RevisionChoice.TargetRevision.RETAINED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole table of states and triggers: which revision a workload that a policy selects should have. */
class RevisionChoiceTest {
    private static final String SPEC = """
            {"metadata":{"name":"logs","namespace":"shop"},
             "spec":{"selector":{},"sidecars":[{"name":"tail","image":"tail:1"}]%s}}
            """;
    private static final String REVISION = PolicyCompiler.compile(policy("")).revision();
    private static final String PROVEN_STATUS = "provenRevision";
    private static final String FAILED_STATUS = "failedRevision";

    private static final Trigger RECONCILE = Trigger.Resync.FREELY;
    private static final Trigger HELD = new Trigger.Resync(Trigger.PermittedPolicies.of(Set.of()), Set.of());
    private static final Trigger FAILED_HERE =
            new Trigger.Resync(Trigger.PermittedPolicies.OF_ALL, Set.of(new PolicyKey("shop", "logs")));
    private static final Trigger UPDATE = new Trigger.Update(Json.object());
    private static final Trigger CREATE = new Trigger.Create();
    private static final Trigger MANIFEST = new Trigger.Offline();

    private static final CompiledPolicy NOT_PROVEN = compiled("", Optional.of("before"), Optional.empty());
    private static final CompiledPolicy IS_PROVEN = compiled("", Optional.of(REVISION), Optional.empty());
    private static final CompiledPolicy HAS_FAILED = compiled("", Optional.of("before"), Optional.of(REVISION));
    private static final CompiledPolicy FAILED_BEFORE = compiled("", Optional.of(REVISION), Optional.of("before"));
    private static final String AUDIT_FIELD = ",\"mode\":\"Audit\"";
    private static final CompiledPolicy AUDIT = compiled(AUDIT_FIELD, Optional.of(REVISION), Optional.empty());
    private static final CompiledPolicy PAUSED =
            compiled(",\"rollout\":{\"paused\":true}", Optional.of(REVISION), Optional.empty());
    private static final CompiledPolicy ON_NEXT_ROLLOUT =
            compiled(",\"rollout\":{\"strategy\":\"OnNextRollout\"}", Optional.empty(), Optional.empty());
    private static final CompiledPolicy PAUSED_AND_FAILED =
            compiled(",\"rollout\":{\"paused\":true}", Optional.of("before"), Optional.of(REVISION));

    static Stream<Arguments> table() {
        return Stream.of(
                row("proven", IS_PROVEN, RECONCILE, NEWEST, null),
                row("proven", IS_PROVEN, HELD, RETAINED, Reason.AwaitsTurn),
                row("proven", IS_PROVEN, UPDATE, NEWEST, null),
                row("proven", IS_PROVEN, CREATE, NEWEST, null),
                row("proven", IS_PROVEN, MANIFEST, NEWEST, null),
                row("not proven", NOT_PROVEN, RECONCILE, NEWEST, null),
                row("not proven", NOT_PROVEN, HELD, RETAINED, Reason.AwaitsTurn),
                row("not proven", NOT_PROVEN, UPDATE, RETAINED, Reason.NotProven),
                row("not proven", NOT_PROVEN, CREATE, NEWEST, null),
                row("not proven", NOT_PROVEN, MANIFEST, NEWEST, null),
                row("failed", HAS_FAILED, RECONCILE, RETAINED, Reason.RevisionFailed),
                row("failed", HAS_FAILED, FAILED_HERE, PROVEN, Reason.RevisionFailed),
                row("failed", HAS_FAILED, UPDATE, RETAINED, Reason.RevisionFailed),
                row("failed", HAS_FAILED, CREATE, PROVEN, Reason.RevisionFailed),
                row("failed", HAS_FAILED, MANIFEST, RETAINED, Reason.RevisionFailed),
                row("an earlier one failed", FAILED_BEFORE, RECONCILE, NEWEST, null),
                row("an earlier one failed", FAILED_BEFORE, FAILED_HERE, NEWEST, null),
                row("an earlier one failed", FAILED_BEFORE, UPDATE, NEWEST, null),
                row("audit", AUDIT, RECONCILE, RETAINED, Reason.Audited),
                row("audit", AUDIT, UPDATE, RETAINED, Reason.Audited),
                row("audit", AUDIT, CREATE, NONE, Reason.Audited),
                row("audit", AUDIT, MANIFEST, RETAINED, Reason.Audited),
                row("paused", PAUSED, RECONCILE, RETAINED, Reason.Paused),
                row("paused", PAUSED, UPDATE, RETAINED, Reason.Paused),
                row("paused", PAUSED, CREATE, PROVEN, Reason.Paused),
                row("paused", PAUSED, MANIFEST, RETAINED, Reason.Paused),
                row("paused and failed", PAUSED_AND_FAILED, FAILED_HERE, RETAINED, Reason.Paused),
                row("paused and failed", PAUSED_AND_FAILED, CREATE, PROVEN, Reason.Paused),
                row("on next rollout", ON_NEXT_ROLLOUT, RECONCILE, RETAINED, Reason.AwaitsOwner),
                row("on next rollout", ON_NEXT_ROLLOUT, UPDATE, NEWEST, null),
                row("on next rollout", ON_NEXT_ROLLOUT, CREATE, NEWEST, null),
                row("on next rollout", ON_NEXT_ROLLOUT, MANIFEST, NEWEST, null));
    }

    @ParameterizedTest(name = "{0}, {2}: {3}")
    @MethodSource("table")
    void choosesByTheTable(
            String state,
            CompiledPolicy policy,
            Trigger trigger,
            RevisionChoice.TargetRevision target,
            Optional<Reason> why) {
        assertThat(trigger.choice(policy)).as(state).isEqualTo(new RevisionChoice(target, why));
    }

    private static Arguments row(
            String state,
            CompiledPolicy policy,
            Trigger trigger,
            RevisionChoice.TargetRevision target,
            @org.jspecify.annotations.Nullable Reason why) {
        return Arguments.of(state, policy, trigger, target, Optional.ofNullable(why));
    }

    private static CompiledPolicy compiled(String more, Optional<String> proven, Optional<String> failed) {
        ObjectNode policy = policy(more);
        ObjectNode status = policy.putObject("status");
        proven.ifPresent(revision -> status.put(PROVEN_STATUS, revision));
        failed.ifPresent(revision -> status.put(FAILED_STATUS, revision));
        return PolicyCompiler.compile(policy);
    }

    private static ObjectNode policy(String more) {
        return (ObjectNode) Json.parse(SPEC.formatted(more));
    }
}

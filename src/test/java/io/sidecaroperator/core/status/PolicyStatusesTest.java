package io.sidecaroperator.core.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.api.v1alpha1.PolicyCondition.Type;
import io.sidecaroperator.api.v1alpha1.PolicyPreview;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.api.v1alpha1.WorkloadExceptionEntry;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.podsecurity.PodSecurityLevel;
import io.sidecaroperator.core.policy.PolicyCost;
import io.sidecaroperator.core.policy.PolicyState;
import io.sidecaroperator.core.rollout.FailureCause;
import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.RolloutRules;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import io.sidecaroperator.core.rollout.WorkloadRollout.Phase;
import io.sidecaroperator.core.workload.RolloutState;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyStatusesTest {
    private static final PolicyKey KEY = new PolicyKey("shop", "logs");
    private static final PolicyView POLICY = view(3, "r1", PolicyState.FRESH);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final List<WorkloadObservation> workloads = new ArrayList<>();

    @Test
    void nothingMatchesIsReady() {
        assertThat(lines(next(null, POLICY)))
                .containsExactly(
                        "Ready True NoWorkloads: no workload matches the policy",
                        "Reconciling False NoWorkloads: every matched workload was looked at",
                        "Stalled False NoWorkloads: nothing has failed",
                        "Conflicted False NoConflict: nobody else uses the names that the policy adds",
                        "PodSecurityCompatible True Baseline: the sidecars reach the Pod Security level baseline",
                        "matched 0 = 0 injected + 0 outdated + 0 refused + 0 skipped, 0 progressing");
    }

    @Test
    void everyWorkloadIsCountedOnce() {
        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        workload("b", SyncState.INJECTED, RolloutState.PROGRESSING, null);
        workload("c", SyncState.INJECTED, RolloutState.DEFERRED, null);
        workload("d", SyncState.OUTDATED, RolloutState.COMPLETE, null);
        workload("e", SyncState.REFUSED, RolloutState.PROGRESSING, Reason.ContainerNameTaken);
        workload("f", SyncState.SKIPPED, RolloutState.PROGRESSING, Reason.OptedOut);
        workload("g", SyncState.ORPHANED, RolloutState.COMPLETE, Reason.Orphaned);
        workload("h", SyncState.LEAVING, RolloutState.COMPLETE, null);

        String progress = "3 of 6 workloads injected, 1 to be written, 1 rolling out, 1 refused, 1 skipped,"
                + " 1 workload still to be cleaned";
        assertThat(lines(next(null, POLICY)))
                .containsExactly(
                        "Ready False RollingOut: " + progress,
                        "Reconciling True RollingOut: " + progress,
                        "Stalled False RollingOut: nothing has failed",
                        "Conflicted True ContainerNameTaken: Deployment shop/e: because of ContainerNameTaken",
                        "PodSecurityCompatible True Baseline: the sidecars reach the Pod Security level baseline",
                        "matched 6 = 3 injected + 1 outdated + 1 refused + 1 skipped, 1 progressing",
                        "e ContainerNameTaken: because of ContainerNameTaken",
                        "f OptedOut: because of OptedOut");
    }

    @Test
    void refusedAndSkippedWorkloadsDoNotMakeItUnready() {
        workload("e", SyncState.REFUSED, RolloutState.COMPLETE, Reason.RejectedByServer);
        workload("f", SyncState.SKIPPED, RolloutState.COMPLETE, Reason.HostNetwork);

        assertThat(lines(next(null, POLICY)))
                .contains(
                        "Ready True NothingInjected: 0 of 2 workloads injected, 1 refused, 1 skipped",
                        "Conflicted False NoConflict: nobody else uses the names that the policy adds");
    }

    @Test
    void whoOptsOutIsSkippedAtOnceButTheWorkIsDoneWhenThePartsAreGone() {
        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        add(
                "f",
                RolloutState.COMPLETE,
                syncState(SyncState.SKIPPED, Reason.OptedOut, "r1").waiting(true));

        assertThat(lines(next(null, POLICY)))
                .contains(
                        "Ready False RollingOut: 1 of 2 workloads injected, 1 skipped, 1 workload still to be cleaned",
                        "matched 2 = 1 injected + 0 outdated + 0 refused + 1 skipped, 0 progressing");
    }

    @Test
    void aPolicyThatDoesNotCompileIsStalledAndCountsNothing() {
        workload("g", SyncState.ORPHANED, RolloutState.COMPLETE, Reason.Orphaned);
        PolicyView invalid = new PolicyView(
                KEY,
                4,
                Optional.empty(),
                List.of("spec.selector: is required", "spec: odd"),
                false,
                PolicyState.FRESH,
                RolloutRules.DEFAULT,
                Optional.empty(),
                PolicyCost.NONE,
                Optional.empty());

        assertThat(lines(next(null, invalid)))
                .containsExactly(
                        "Ready False InvalidPolicy: spec.selector: is required (and 1 more)",
                        "Reconciling False InvalidPolicy: nothing is changed until the policy is corrected",
                        "Stalled True InvalidPolicy: spec.selector: is required (and 1 more)",
                        "Conflicted False NoConflict: nobody else uses the names that the policy adds",
                        "not counted");
    }

    @Test
    void anAuditedPolicyIsReadyWhateverItWouldChange() {
        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        workload("b", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.Audited);
        PolicyState audit = new PolicyState(true, false, false, Optional.empty(), Optional.empty());

        SidecarPolicyStatus status = next(null, view(3, "r1", audit));

        assertThat(lines(status))
                .contains(
                        "Ready True Audited: mode: Audit changes nothing: 1 of 2 workloads injected, 1 would be changed",
                        "Reconciling False Audited: every matched workload was looked at",
                        "matched 2 = 1 injected + 1 outdated + 0 refused + 0 skipped, 0 progressing");
        assertThat(status.exceptions()).isEmpty();
        assertThat(status.provenRevision()).isNull();
        assertThat(status.addedRequests()).isEqualTo(Map.of("cpu", "100m"));
    }

    @Test
    void anAuditedPolicySaysWhatItWouldChange() {
        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        workload("b", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.Audited);
        add(
                "c",
                RolloutState.COMPLETE,
                SyncStatus.now(SyncState.OUTDATED, Optional.of(Reason.Audited), "", Optional.empty()));
        workload("d", SyncState.ORPHANED, RolloutState.COMPLETE, Reason.NotSelected);
        workload("e", SyncState.ORPHANED, RolloutState.COMPLETE, Reason.LeftToUser);
        workload("f", SyncState.SKIPPED, RolloutState.COMPLETE, Reason.OptedOut);
        add(
                "g",
                RolloutState.COMPLETE,
                SyncStatus.now(SyncState.SKIPPED, Optional.of(Reason.OptedOut), "", Optional.empty()));
        workload("h", SyncState.REFUSED, RolloutState.COMPLETE, Reason.EnvTaken);
        PolicyState audit = new PolicyState(true, false, false, Optional.empty(), Optional.empty());

        SidecarPolicyStatus status = next(null, view(3, "r1", audit));

        assertThat(previewed(status))
                .containsExactly("4 workloads, 8 pods", "b Update 2", "c Inject 2", "d Remove 2", "f Remove 2");
        assertThat(StatusJson.read(StatusJson.write(status))).isEqualTo(status);
    }

    @Test
    void thePreviewIsThatOfAuditAlone() {
        workload("b", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.Paused);
        PolicyState paused = new PolicyState(false, true, false, Optional.empty(), Optional.empty());
        PolicyState audit = new PolicyState(true, false, false, Optional.empty(), Optional.empty());
        SidecarPolicyStatus before = next(null, view(3, "r1", audit));

        assertThat(previewed(before)).containsExactly("0 workloads, 0 pods");
        assertThat(next(before, view(4, "r1", paused)).preview()).isNull();
    }

    @Test
    void aFailedRevisionWouldGoToNobody() {
        workload("b", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.Audited);
        workload("d", SyncState.ORPHANED, RolloutState.COMPLETE, Reason.NotSelected);
        PolicyState audit = new PolicyState(true, false, false, Optional.empty(), Optional.empty());
        SidecarPolicyStatus failed = StatusJson.read(Json.parse("{\"failedRevision\": \"r1\"}"));

        assertThat(previewed(next(failed, view(3, "r1", audit)))).containsExactly("1 workloads, 2 pods", "d Remove 2");
    }

    @Test
    void thePreviewCountsAllAndListsTwenty() {
        IntStream.range(0, 30)
                .forEach(i -> workload("w" + (100 + i), SyncState.OUTDATED, RolloutState.COMPLETE, Reason.Audited));
        PolicyState audit = new PolicyState(true, false, false, Optional.empty(), Optional.empty());

        assertThat(previewed(next(null, view(3, "r1", audit))))
                .hasSize(21)
                .startsWith("30 workloads, 60 pods", "w100 Update 2")
                .endsWith("w119 Update 2");
    }

    private static List<String> previewed(SidecarPolicyStatus status) {
        PolicyPreview preview = java.util.Objects.requireNonNull(status.preview());
        List<String> lines = new ArrayList<>();
        lines.add(preview.workloads() + " workloads, " + preview.pods() + " pods");
        preview.changes().forEach(entry -> lines.add(entry.name() + " " + entry.change() + " " + entry.pods()));
        return lines;
    }

    @Test
    void aPausedPolicyIsReadyAndAHeldWorkloadIsOutdated() {
        workload("a", SyncState.INJECTED, RolloutState.PROGRESSING, null);
        workload("b", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.Paused);
        PolicyState paused = new PolicyState(false, true, false, Optional.empty(), Optional.empty());

        assertThat(lines(next(null, view(3, "r1", paused))))
                .contains(
                        "Ready True Paused: the rollout is paused: 1 of 2 workloads injected, 1 held back, 1 rolling out");
    }

    @Test
    void whoWaitsForOwnersIsReady() {
        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        workload("b", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.AwaitsOwner);
        PolicyState onNextRollout = new PolicyState(false, false, true, Optional.empty(), Optional.empty());

        SidecarPolicyStatus status = next(null, view(3, "r1", onNextRollout));

        assertThat(lines(status)).contains("Ready True AwaitsOwner: 1 of 2 workloads injected, 1 held back");
        assertThat(status.provenRevision()).isEqualTo("r1");
    }

    @Test
    void aWorkloadThatItsOwnerRollsOutHoldsUpNothing() {
        add("a", RolloutState.PROGRESSING, syncState(SyncState.INJECTED, null, "r1"));

        assertThat(lines(next(null, POLICY)))
                .contains(
                        "Ready True Injected: 1 of 1 workload injected",
                        "matched 1 = 1 injected + 0 outdated + 0 refused + 0 skipped, 0 progressing");
    }

    @Test
    void aRevisionThatFailsIsNamedBeforeAnythingGoesBackAndStaysFailedUntilThereIsAnother() {
        workloadRollout("b", Phase.FAILED, Optional.of("r0"), Optional.of(CRASH));
        workload("c", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.AwaitsTurn);

        SidecarPolicyStatus failed = next(null, POLICY);

        assertThat(failed.failedRevision()).isEqualTo("r1");
        String cause = "revision r1 failed on Deployment shop/b: container log-collector of pod b-1:"
                + " CrashLoopBackOff: open /etc/x: no such file";
        assertThat(lines(failed))
                .contains(
                        "Ready False RevisionFailed: revision r1 has failed: 1 of 2 workloads injected, 1 to be"
                                + " written, 1 rolling out",
                        "Reconciling False RevisionFailed: no further workload gets the revision",
                        "Stalled True RevisionFailed: " + cause);

        workloads.clear();
        workload("b", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.RevisionFailed);
        workload("c", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.RevisionFailed);
        SidecarPolicyStatus back = next(failed, POLICY);
        assertThat(lines(back))
                .contains(
                        "Ready False RevisionFailed: revision r1 has failed: 0 of 2 workloads injected, 2 held back",
                        "Stalled True RevisionFailed: " + cause);
        assertThat(back.failedRevision()).isEqualTo("r1");
        assertThat(next(back, view(4, "r2", PolicyState.FRESH)).failedRevision())
                .as("a new revision starts again")
                .isNull();
        assertThat(next(back, view(4, "r1", PolicyState.FRESH)).failedRevision())
                .as("another edit of the spec does not")
                .isEqualTo("r1");
        assertThat(PolicyStatuses.next(back, view(3, "r1", PolicyState.FRESH, "r0"), workloads, at(NOON)))
                .as("nor does the approval of another revision")
                .isEmpty();
    }

    @Test
    void aRevisionThatCannotBeKeptIsNotReadyAndSaysWhy() {
        workload("c", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.AwaitsTurn);
        PolicyView refused = new PolicyView(
                KEY,
                3,
                Optional.of("r1"),
                List.of(),
                false,
                PolicyState.FRESH,
                RolloutRules.DEFAULT,
                Optional.empty(),
                PolicyCost.NONE,
                Optional.of("controllerrevisions is forbidden"));

        assertThat(lines(next(null, refused)))
                .anyMatch(line -> line.startsWith("Ready False RevisionNotKept: ")
                        && line.contains("controllerrevisions is forbidden"));
    }

    @Test
    void anApprovedRevisionFailsForNobody() {
        workloadRollout("b", Phase.FAILED, Optional.of("r0"), Optional.of(CRASH));
        SidecarPolicyStatus failed = next(null, POLICY);

        SidecarPolicyStatus approved = next(failed, view(3, "r1", PolicyState.FRESH, "r1"));

        assertThat(approved.failedRevision()).isNull();
        assertThat(lines(approved)).contains("Stalled False RollingOut: nothing has failed");
    }

    @Test
    void aFailedRevisionIsNotTheProvenOneThoughItRanWellElsewhere() {
        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        SidecarPolicyStatus first = next(null, view(2, "r0", PolicyState.FRESH));
        assertThat(first.provenRevision()).isEqualTo("r0");
        workload("c", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.AwaitsTurn);
        SidecarPolicyStatus half = next(first, POLICY);
        assertThat(half.provenRevision()).as("one workload was healthy with it").isEqualTo("r1");

        workloadRollout("b", Phase.FAILED, Optional.of("r0"), Optional.of(CRASH));
        assertThat(next(half, POLICY).provenRevision())
                .as("back to the earlier revision of the failed workload")
                .isEqualTo("r0");

        workloads.remove(workloads.size() - 1);
        workloadRollout("b", Phase.FAILED, Optional.empty(), Optional.of(CRASH));
        add("d", RolloutState.COMPLETE, syncState(SyncState.OUTDATED, Reason.AwaitsTurn, "r0"));
        assertThat(next(half, POLICY).provenRevision())
                .as("back to what the others still have, where the failed workload had no revision before")
                .isEqualTo("r0");
    }

    @Test
    void aFailureWhilePausedIsToldAndNothingElse() {
        workloadRollout("b", Phase.FAILED, Optional.of("r0"), Optional.of(CRASH));
        PolicyState paused = new PolicyState(false, true, false, Optional.empty(), Optional.empty());

        assertThat(lines(next(null, view(3, "r1", paused))))
                .contains("Ready True Paused: the rollout is paused: 1 of 1 workload injected, 1 rolling out")
                .anyMatch(line -> line.startsWith("Stalled True RevisionFailed: revision r1 failed on Deployment"));
    }

    @Test
    void aWorkloadWhoseNamespaceDoesNotAllowTheSidecarsIsNamed() {
        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        workload("e", SyncState.REFUSED, RolloutState.COMPLETE, Reason.PodSecurity);

        assertThat(lines(next(null, POLICY)))
                .contains("PodSecurityCompatible False PodSecurity: Deployment shop/e: because of PodSecurity");
    }

    @Test
    void aPolicyOnItsWayOutSaysWhatItWaitsFor() {
        workload("h", SyncState.LEAVING, RolloutState.COMPLETE, Reason.RejectedByServer);
        PolicyView deleting = new PolicyView(
                KEY,
                4,
                Optional.of("r1"),
                List.of(),
                true,
                PolicyState.FRESH,
                RolloutRules.DEFAULT,
                Optional.empty(),
                PolicyCost.NONE,
                Optional.empty());

        assertThat(lines(next(null, deleting)))
                .contains(
                        "Ready False Removing: the policy is being deleted, 1 workload still to be cleaned",
                        "h RejectedByServer: because of RejectedByServer");
    }

    @Test
    void aRevisionIsProvenByTheFirstWorkloadThatRunsWellWithIt() {
        workload("b", SyncState.INJECTED, RolloutState.PROGRESSING, null);
        workload("c", SyncState.OUTDATED, RolloutState.COMPLETE, Reason.AwaitsTurn);
        SidecarPolicyStatus rolling = next(null, POLICY);
        assertThat(rolling.provenRevision()).as("no workload runs it yet").isNull();

        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        SidecarPolicyStatus proven = next(rolling, POLICY);
        assertThat(proven.provenRevision()).isEqualTo("r1");

        workloads.removeIf(workload -> workload.ref().name().equals("a"));
        PolicyView changed = view(4, "r2", PolicyState.FRESH);
        assertThat(next(proven, changed).provenRevision())
                .as("the last proven one")
                .isEqualTo("r1");
    }

    @Test
    void aRevisionThatAllCarryIsProvenThoughNoneOfThemCanShowIt() {
        workload("a", SyncState.INJECTED, RolloutState.DEFERRED, null);

        assertThat(next(null, POLICY).provenRevision()).isEqualTo("r1");
    }

    @Test
    void sayingTheSameAgainIsNothingToWrite() {
        workload("a", SyncState.INJECTED, RolloutState.COMPLETE, null);
        workload("e", SyncState.REFUSED, RolloutState.COMPLETE, Reason.EnvTaken);
        SidecarPolicyStatus first = next(null, POLICY);
        SidecarPolicyStatus stored = StatusJson.read(StatusJson.write(first));

        assertThat(stored).isEqualTo(first);
        assertThat(PolicyStatuses.next(stored, POLICY, workloads, at(NOON.plusSeconds(60))))
                .isEmpty();
    }

    @Test
    void aConditionsTimeMovesOnlyWithItsStatus() {
        workload("b", SyncState.INJECTED, RolloutState.PROGRESSING, null);
        SidecarPolicyStatus rolling = next(null, POLICY);
        workloads.clear();
        workload("b", SyncState.INJECTED, RolloutState.COMPLETE, null);

        SidecarPolicyStatus done = PolicyStatuses.next(rolling, POLICY, workloads, at(NOON.plusSeconds(5)))
                .orElseThrow();

        assertThat(time(done, Type.Ready)).isEqualTo("2026-01-01T12:00:05Z");
        assertThat(time(done, Type.Reconciling)).isEqualTo("2026-01-01T12:00:05Z");
        assertThat(time(done, Type.Stalled)).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(time(done, Type.Conflicted)).isEqualTo("2026-01-01T12:00:00Z");
    }

    @Test
    void theNewestExceptionsAreListedAndARestartChangesNothing() {
        IntStream.range(0, 30).forEach(i -> refused("w" + (100 + i), Instant.EPOCH));
        SidecarPolicyStatus full = next(null, POLICY);
        assertThat(names(full)).hasSize(20).startsWith("w100").endsWith("w119");

        refused("new", NOON);
        SidecarPolicyStatus newest = next(full, POLICY);
        assertThat(names(newest)).hasSize(20).startsWith("new", "w100").endsWith("w118");

        // Another process does not know the times.
        workloads.removeIf(workload -> workload.ref().name().equals("new"));
        refused("new", Instant.EPOCH);
        assertThat(PolicyStatuses.next(newest, POLICY, workloads, at(NOON))).isEmpty();
    }

    @Test
    void whatIsStoredByAnotherVersionIsNoStatus() {
        assertThat(StatusJson.read(null)).isNull();
        assertThat(StatusJson.read(Json.parse("\"text\""))).isNull();
        assertThat(StatusJson.read(Json.parse("{\"conditions\":7}"))).isNull();
        assertThat(StatusJson.read(Json.parse("{\"fromTheFuture\":7}"))).isNull();
        assertThat(StatusJson.read(Json.parse("{}"))).isNotNull();
    }

    private static PolicyView view(long generation, String revision, PolicyState state) {
        return view(generation, revision, state, null);
    }

    private static PolicyView view(long generation, String revision, PolicyState state, @Nullable String approved) {
        return new PolicyView(
                KEY,
                generation,
                Optional.of(revision),
                List.of(),
                false,
                state,
                RolloutRules.DEFAULT,
                Optional.ofNullable(approved),
                new PolicyCost(Map.of("cpu", "100m"), PodSecurityLevel.BASELINE),
                Optional.empty());
    }

    private static final FailureCause CRASH =
            new FailureCause(Optional.of("log-collector"), "CrashLoopBackOff", "open /etc/x: no such file", "b-1");

    /** A workload that is injected and rolling out was written by the operator. */
    private void workload(String name, SyncState syncState, RolloutState rollout, @Nullable Reason reason) {
        if (syncState == SyncState.INJECTED && rollout == RolloutState.PROGRESSING) {
            workloadRollout(name, Phase.PROGRESSING, Optional.empty(), Optional.empty());
            return;
        }
        add(name, rollout, syncState(syncState, reason, "r1"));
    }

    private void workloadRollout(String name, Phase phase, Optional<String> from, Optional<FailureCause> cause) {
        WorkloadRollout workloadRollout =
                new WorkloadRollout(NOON, new Change(from, Optional.of("r1"), false), phase, cause);
        WorkloadRef ref = new WorkloadRef("apps", "Deployment", "shop", name);
        workloads.add(new WorkloadObservation(
                ref,
                Map.of(),
                RolloutState.PROGRESSING,
                new TreeMap<>(Map.of(KEY, syncState(SyncState.INJECTED, null, "r1"))),
                new TreeMap<>(Map.of(KEY, workloadRollout)),
                List.of(),
                2));
    }

    private static SyncStatus syncState(SyncState syncState, @Nullable Reason reason, String retained) {
        return new SyncStatus(
                syncState,
                Optional.ofNullable(reason),
                reason == null ? "" : "because of " + reason,
                Optional.of(retained),
                true,
                reason == Reason.AwaitsTurn,
                NOON);
    }

    private void refused(String name, Instant since) {
        add(
                name,
                RolloutState.COMPLETE,
                new SyncStatus(
                        SyncState.REFUSED,
                        Optional.of(Reason.EnvTaken),
                        "taken",
                        Optional.empty(),
                        false,
                        false,
                        since));
    }

    private void add(String name, RolloutState rollout, SyncStatus syncState) {
        WorkloadRef ref = new WorkloadRef("apps", "Deployment", "shop", name);
        workloads.add(new WorkloadObservation(
                ref, Map.of(), rollout, new TreeMap<>(Map.of(KEY, syncState)), new TreeMap<>(), List.of(), 2));
    }

    private SidecarPolicyStatus next(@Nullable SidecarPolicyStatus before, PolicyView policy) {
        return PolicyStatuses.next(before, policy, workloads, at(NOON)).orElseThrow();
    }

    private static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    private static List<String> names(SidecarPolicyStatus status) {
        return status.exceptions().stream().map(WorkloadExceptionEntry::name).toList();
    }

    private static String time(SidecarPolicyStatus status, Type type) {
        return status.conditions().stream()
                .filter(condition -> condition.type() == type)
                .map(PolicyCondition::lastTransitionTime)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(SidecarPolicyStatus status) {
        List<String> lines = new ArrayList<>();
        for (PolicyCondition condition : status.conditions()) {
            assertThat(condition.observedGeneration()).isEqualTo(status.observedGeneration());
            lines.add(condition.type() + " " + condition.status() + " " + condition.reason() + ": "
                    + condition.message());
        }
        var counts = status.workloads();
        lines.add(
                counts == null
                        ? "not counted"
                        : "matched " + counts.matched() + " = " + counts.injected() + " injected + "
                                + counts.outdated() + " outdated + " + counts.refused() + " refused + "
                                + counts.skipped() + " skipped, " + counts.progressing() + " progressing");
        status.exceptions().forEach(entry -> lines.add(entry.name() + " " + entry.reason() + ": " + entry.message()));
        return lines;
    }
}

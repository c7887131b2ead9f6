package io.sidecaroperator.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.DeletionPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.rollout.RolloutRules;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.status.SyncStatus;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.operator.controller.MovableClock;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.operator.watch.Policies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UpdateCoordinatorTest {
    private static final PolicyKey LOGS = new PolicyKey("shop", "logs");
    private static final PolicyKey AUTH = new PolicyKey("shop", "auth");
    private static final WorkloadRef WEB = new WorkloadRef("apps", "Deployment", "shop", "web");
    private static final WorkloadRef API = new WorkloadRef("apps", "Deployment", "shop", "api");

    private static final SyncStatus AWAITS = new SyncStatus(
            SyncState.OUTDATED, Optional.of(Reason.AwaitsTurn), "", Optional.empty(), false, true, Instant.EPOCH);
    private static final SyncStatus PENDING =
            new SyncStatus(SyncState.OUTDATED, Optional.empty(), "", Optional.empty(), false, false, Instant.EPOCH);

    private final MovableClock clock = new MovableClock();
    private final ObservationStore observations = new ObservationStore(clock, List.of());
    private final UpdateCoordinator updates = new UpdateCoordinator(observations, clock);

    @Test
    void aGrantThatComesWhileItsWorkloadIsLookedAtIsThereAtTheNextLook() {
        waiting(WEB);
        UpdateCoordinator.Permission poll = updates.permission(WEB, policies(1));

        assertThat(updates.offer(logs(1)).workloads()).containsExactly(WEB);
        assertThat(updates.complete(poll)).as("it had no permit").isEmpty();

        assertThat(updates.permission(WEB, policies(1)).permitted()).containsExactly(LOGS);
    }

    @Test
    void aGrantEndsWithTheLookThatHadIt() {
        waiting(WEB);
        updates.offer(logs(1));

        assertThat(updates.complete(updates.permission(WEB, policies(1)))).containsExactly(LOGS);

        assertThat(updates.permission(WEB, policies(1)).permitted()).isEmpty();
        assertThat(updates.offer(logs(1)).workloads()).as("it waits again").containsExactly(WEB);
    }

    @Test
    void aGrantIsGivenOnceAndTakesTheOnlySlot() {
        waiting(WEB);
        waiting(API);

        assertThat(updates.offer(logs(1)).workloads()).containsExactly(API);
        assertThat(updates.offer(logs(1)).workloads()).isEmpty();
    }

    @Test
    void aGrantForThePolicyAsItWasIsOfNoUseAndInNobodysWay() {
        waiting(WEB);
        updates.offer(logs(1));

        assertThat(updates.permission(WEB, policies(2)).permitted()).isEmpty();
        assertThat(updates.offer(logs(2)).workloads()).containsExactly(WEB);
        assertThat(updates.permission(WEB, policies(2)).permitted()).containsExactly(LOGS);
    }

    @Test
    void aLookByAnOlderBookDoesNotEndANewerGrant() {
        waiting(WEB);
        updates.offer(logs(2));

        updates.complete(updates.permission(WEB, policies(1)));

        assertThat(updates.permission(WEB, policies(2)).permitted()).containsExactly(LOGS);
    }

    @Test
    void aRefusedChangeTakesNoSlotAndIsRemembered() {
        waiting(API);
        updates.offer(logs(1));

        updates.park(updates.permission(API, policies(1)));

        assertThat(updates.permission(API, policies(1)).permitted()).isEmpty();
        assertThat(updates.permission(API, policies(1)).refused()).containsExactly(LOGS);
        updates.complete(updates.permission(API, policies(1)));
        assertThat(updates.permission(API, policies(1)).refused()).isEmpty();
    }

    @Test
    void aWorkloadThatCouldNotBeWrittenLetsOthersGoFirst() {
        waiting(API);
        waiting(WEB);
        updates.offer(logs(1));

        updates.postpone(updates.permission(API, policies(1)));

        UpdateCoordinator.Offer opened = updates.offer(logs(1));
        assertThat(opened.workloads()).containsExactly(WEB);
        assertThat(opened.again()).isPresent();
        updates.complete(updates.permission(WEB, policies(1)));
        observations.forget(WEB);
        clock.reconciliation(Duration.ofSeconds(1));
        assertThat(updates.offer(logs(1)).workloads()).containsExactly(API);
    }

    @Test
    void aCanaryThatCouldNotBeWrittenLetsNobodyGoFirst() {
        KnownPolicy canaries = policy(LOGS, 1, RolloutRules.of(Json.parse("""
                {"rollout": {"first": {"matchLabels": {"track": "canary"}}}}""")));
        record(API, Map.of("track", "canary"), AWAITS, LOGS);
        waiting(WEB);
        updates.offer(canaries);

        updates.postpone(updates.permission(API, policies(1)));
        assertThat(updates.offer(canaries).workloads()).isEmpty();
        record(API, Map.of("track", "canary"), PENDING, LOGS);
        assertThat(updates.offer(canaries).workloads())
                .as("its write lost a race, and it will be reconciled again")
                .isEmpty();

        record(API, Map.of("track", "canary"), AWAITS, LOGS);
        clock.reconciliation(Duration.ofSeconds(1));
        assertThat(updates.offer(canaries).workloads()).containsExactly(API);
    }

    @Test
    void aWorkloadThatCannotBeWrittenAgainAndAgainWaitsLongerEachTime() {
        waiting(API);
        for (int seconds : List.of(1, 2, 4, 8, 16, 30, 30)) {
            assertThat(updates.offer(logs(1)).workloads()).containsExactly(API);
            updates.postpone(updates.permission(API, policies(1)));
            clock.reconciliation(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(updates.offer(logs(1)).workloads())
                    .as("within %s s", seconds)
                    .isEmpty();
            assertThat(updates.offer(logs(1)).again()).contains(Duration.ofMillis(1));
            clock.reconciliation(Duration.ofMillis(1));
        }
        updates.offer(logs(1));
        updates.complete(updates.permission(API, policies(1)));
        updates.offer(logs(1));
        updates.postpone(updates.permission(API, policies(1)));
        assertThat(updates.offer(logs(1)).again())
                .as("the last one was written")
                .contains(Duration.ofSeconds(1));
    }

    @Test
    void aGrantWaitsUntilTheWorkloadsOtherPoliciesWereAskedToo() {
        waiting(WEB, LOGS, AUTH);
        updates.offer(policy(AUTH, 1));

        UpdateCoordinator.Permission early = updates.permission(WEB, policies(1));
        assertThat(early.permitted()).isEmpty();
        assertThat(early.again()).contains(Duration.ofSeconds(10));
        assertThat(updates.complete(early)).as("it is still there").isEmpty();

        clock.reconciliation(Duration.ofSeconds(1));
        assertThat(updates.offer(logs(1)).workloads()).containsExactly(WEB);
        UpdateCoordinator.Permission both = updates.permission(WEB, policies(1));
        assertThat(both.permitted()).containsExactlyInAnyOrder(AUTH, LOGS);
        assertThat(both.again()).isEmpty();
    }

    @Test
    void aGrantDoesNotWaitForAPolicyThatHasNoTurnLeft() {
        waiting(API);
        updates.offer(logs(1));
        waiting(WEB, LOGS, AUTH);
        updates.offer(policy(AUTH, 1));
        assertThat(updates.permission(WEB, policies(1)).permitted())
                .as("the policy was not asked since it waits")
                .isEmpty();

        clock.reconciliation(Duration.ofMillis(1));

        assertThat(updates.offer(logs(1)).workloads())
                .as("it is enqueued although it got no permit")
                .containsExactly(WEB);

        UpdateCoordinator.Permission alone = updates.permission(WEB, policies(1));
        assertThat(alone.permitted()).containsExactly(AUTH);
        assertThat(alone.again()).isEmpty();
    }

    @Test
    void whoWasAskedAsItWasBeforeIsAskedAgain() {
        waiting(API);
        updates.offer(logs(1));
        waiting(WEB, LOGS, AUTH);
        clock.reconciliation(Duration.ofMillis(1));
        updates.offer(logs(1));
        updates.offer(policy(AUTH, 2));

        assertThat(updates.permission(WEB, policies(2)).permitted()).isEmpty();

        updates.complete(updates.permission(API, policies(2)));
        observations.forget(API);
        updates.offer(logs(2));
        assertThat(updates.permission(WEB, policies(2)).permitted()).containsExactlyInAnyOrder(AUTH, LOGS);
    }

    @Test
    void aGrantDoesNotWaitForLong() {
        waiting(WEB, LOGS, AUTH);
        for (int permission = 0; permission < 2; permission++) {
            updates.offer(policy(AUTH, 1));
            assertThat(updates.permission(WEB, policies(1)).permitted()).isEmpty();

            clock.reconciliation(Duration.ofSeconds(10));

            UpdateCoordinator.Permission alone = updates.permission(WEB, policies(1));
            assertThat(alone.permitted()).containsExactly(AUTH);
            assertThat(alone.again()).isEmpty();
            updates.complete(alone);
        }
    }

    private void waiting(WorkloadRef workload) {
        waiting(workload, LOGS);
    }

    private void waiting(WorkloadRef workload, PolicyKey... policies) {
        record(workload, Map.of(), AWAITS, policies);
    }

    private void record(WorkloadRef workload, Map<String, String> labels, SyncStatus syncState, PolicyKey... policies) {
        observations.record(
                new WorkloadObservation(
                        workload,
                        labels,
                        RolloutState.COMPLETE,
                        new TreeMap<>(Stream.of(policies).collect(Collectors.toMap(key -> key, key -> syncState))),
                        new TreeMap<>(),
                        List.of(),
                        1),
                1);
    }

    private static KnownPolicy logs(long generation) {
        return policy(LOGS, generation);
    }

    private static KnownPolicy policy(PolicyKey key, long generation) {
        return policy(key, generation, RolloutRules.DEFAULT);
    }

    private static KnownPolicy policy(PolicyKey key, long generation, RolloutRules rules) {
        return new KnownPolicy(
                key,
                "uid",
                generation,
                false,
                true,
                DeletionPolicy.DELETE,
                rules,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of());
    }

    private static Policies.Snapshot policies(long generation) {
        PolicyIndex none = PolicyIndex.EMPTY;
        return new Policies.Snapshot(1, Map.of(LOGS, logs(generation), AUTH, policy(AUTH, generation)), none, none);
    }
}

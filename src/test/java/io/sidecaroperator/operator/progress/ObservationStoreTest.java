package io.sidecaroperator.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.SyncState;
import io.sidecaroperator.core.status.SyncStatus;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ObservationStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final PolicyKey LOGS = new PolicyKey("shop", "logs");
    private static final PolicyKey ELSEWHERE = new PolicyKey("bank", "logs");
    private static final WorkloadRef WEB = ref("shop", "web");
    private static final WorkloadRef APP = ref("shop", "app");
    private static final WorkloadRef FAR = ref("bank", "web");

    private final ObservationStore observations =
            new ObservationStore(Clock.fixed(NOON, ZoneOffset.UTC), List.of(WorkloadKind.DEPLOYMENT));
    private final List<ObservationStore.Changes> told = new ArrayList<>();

    ObservationStoreTest() {
        observations.listen(told::add);
    }

    @Test
    void nothingIsKnownOfANamespaceUntilEachOfItsWorkloadsWasLookedAt() {
        assertThat(observations.knows(LOGS)).isFalse();
        observations.begin(WorkloadKind.DEPLOYMENT, List.of(WEB, APP, FAR));
        assertThat(observations.knows(LOGS)).isFalse();
        assertThat(observations.knows(new PolicyKey("empty", "logs"))).isTrue();

        observations.record(observation(WEB), 1);
        assertThat(observations.knows(LOGS)).isFalse();
        observations.forget(APP);

        assertThat(observations.knows(LOGS)).isTrue();
        assertThat(observations.knows(ELSEWHERE)).isFalse();
        assertThat(told.get(told.size() - 1).namespace()).contains("shop");
    }

    @Test
    void aPolicyIsKnownWhenWhatItConcernsWasLookedAtWithItAsItIs() {
        observations.begin(WorkloadKind.DEPLOYMENT, List.of());
        observations.record(observation(WEB), 1);
        observations.await(LOGS, List.of(WEB), 2);

        observations.record(observation(WEB), 1);
        assertThat(observations.knows(LOGS)).as("reconciled with the old index").isFalse();
        observations.record(observation(WEB), 2);

        assertThat(observations.knows(LOGS)).isTrue();
        assertThat(told.get(told.size() - 1).policies()).containsExactly(LOGS);
        observations.await(LOGS, List.of(), 3);
        assertThat(observations.knows(LOGS)).as("it concerns no workload").isTrue();
    }

    @Test
    void aFirstReconciliationWithAnOlderIndexDoesNotCount() {
        observations.begin(WorkloadKind.DEPLOYMENT, List.of(WEB, APP));
        observations.await(LOGS, List.of(), 2);

        observations.record(observation(WEB), 1);
        observations.record(observation(APP), 2);
        assertThat(observations.knows(LOGS))
                .as("the reconciliation of web did not know the policy")
                .isFalse();
        observations.record(observation(WEB), 2);

        assertThat(observations.knows(LOGS)).isTrue();
    }

    @Test
    void aTurnEndsBeforeAnybodyIsToldOfThePageAndIsNewsByItself() {
        observations.record(observation(WEB, syncState(SyncState.INJECTED, null)), 1);
        told.clear();
        List<Integer> toldBefore = new ArrayList<>();

        observations.record(observation(WEB, syncState(SyncState.INJECTED, null)), 1, () -> {
            toldBefore.add(told.size());
            assertThat(observations.of(LOGS)).hasSize(1);
            return Set.of(ELSEWHERE);
        });

        assertThat(toldBefore).containsExactly(0);
        assertThat(told).extracting(ObservationStore.Changes::policies).containsExactly(Set.of(ELSEWHERE));
    }

    @Test
    void aWorkloadThatHasGoneIsNotWaitedFor() {
        observations.begin(WorkloadKind.DEPLOYMENT, List.of());
        observations.record(observation(WEB), 1);
        observations.forget(WEB);

        observations.await(LOGS, List.of(WEB), 2);

        assertThat(observations.knows(LOGS)).isTrue();
    }

    @Test
    void pagesAreFoundByPolicyAndByNamespace() {
        observations.record(observation(WEB, syncState(SyncState.INJECTED, null)), 1);
        observations.record(observation(APP), 1);
        observations.record(observation(FAR), 1);

        assertThat(observations.of(LOGS)).extracting(WorkloadObservation::ref).containsExactly(WEB);
        assertThat(observations.in("shop")).extracting(WorkloadObservation::ref).containsExactlyInAnyOrder(WEB, APP);
        observations.record(observation(WEB), 2);
        assertThat(observations.of(LOGS)).isEmpty();
        observations.forget(WEB);
        observations.forget(APP);
        assertThat(observations.in("shop")).isEmpty();
    }

    @Test
    void onlyAChangeIsTold() {
        observations.begin(WorkloadKind.DEPLOYMENT, List.of());
        observations.record(observation(WEB, syncState(SyncState.INJECTED, null)), 1);
        assertThat(told).hasSize(1);

        observations.record(observation(WEB, syncState(SyncState.INJECTED, null)), 2);
        assertThat(told).hasSize(1);

        observations.record(observation(WEB, syncState(SyncState.REFUSED, Reason.EnvTaken)), 3);
        assertThat(told).hasSize(2);
        observations.forget(WEB);
        observations.forget(WEB);
        assertThat(told).hasSize(3);
    }

    @Test
    void whatWasSoBeforeTheStartHasNoTime() {
        observations.begin(WorkloadKind.DEPLOYMENT, List.of(WEB));
        observations.record(observation(WEB, syncState(SyncState.INJECTED, null)), 1);
        observations.record(observation(APP, syncState(SyncState.INJECTED, null)), 1);

        assertThat(since(WEB)).isEqualTo(Instant.EPOCH);
        assertThat(since(APP)).isEqualTo(NOON);
    }

    @Test
    void theCountsFollowThePages() {
        ObservationStore.Cause injected = new ObservationStore.Cause(SyncState.INJECTED, Optional.empty());
        ObservationStore.Cause refused = new ObservationStore.Cause(SyncState.REFUSED, Optional.of(Reason.EnvTaken));
        observations.record(observation(WEB, syncState(SyncState.INJECTED, null)), 1);
        observations.record(observation(APP, syncState(SyncState.INJECTED, null)), 1);
        assertThat(observations.count(injected)).isEqualTo(2);

        observations.record(observation(APP, syncState(SyncState.REFUSED, Reason.EnvTaken)), 2);
        assertThat(observations.count(injected)).isEqualTo(1);
        assertThat(observations.count(refused)).isEqualTo(1);
        observations.forget(APP);
        assertThat(observations.count(refused)).isZero();
    }

    private Instant since(WorkloadRef ref) {
        WorkloadObservation observation = observations.in(ref.namespace()).stream()
                .filter(found -> found.ref().equals(ref))
                .findFirst()
                .orElseThrow();
        return Objects.requireNonNull(observation.policies().get(LOGS)).since();
    }

    private static WorkloadRef ref(String namespace, String name) {
        return new WorkloadRef("apps", "Deployment", namespace, name);
    }

    private static SyncStatus syncState(SyncState syncState, @org.jspecify.annotations.Nullable Reason reason) {
        return new SyncStatus(
                syncState, Optional.ofNullable(reason), "", Optional.of("r1"), true, false, Instant.EPOCH);
    }

    private static WorkloadObservation observation(WorkloadRef ref) {
        return new WorkloadObservation(
                ref, Map.of(), RolloutState.COMPLETE, new TreeMap<>(), new TreeMap<>(), List.of(), 1);
    }

    private static WorkloadObservation observation(WorkloadRef ref, SyncStatus syncState) {
        return new WorkloadObservation(
                ref,
                Map.of(),
                RolloutState.COMPLETE,
                new TreeMap<>(Map.of(LOGS, syncState)),
                new TreeMap<>(),
                List.of(),
                1);
    }
}

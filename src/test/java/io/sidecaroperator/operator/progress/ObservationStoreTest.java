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

    private final ObservationStore ledger = new ObservationStore(Clock.fixed(NOON, ZoneOffset.UTC), List.of(WorkloadKind.DEPLOYMENT));
    private final List<ObservationStore.Changes> told = new ArrayList<>();

    ObservationStoreTest() {
        ledger.listen(told::add);
    }

    @Test
    void nothingIsKnownOfANamespaceUntilEachOfItsWorkloadsWasLookedAt() {
        assertThat(ledger.knows(LOGS)).isFalse();
        ledger.begin(WorkloadKind.DEPLOYMENT, List.of(WEB, APP, FAR));
        assertThat(ledger.knows(LOGS)).isFalse();
        assertThat(ledger.knows(new PolicyKey("empty", "logs"))).isTrue();

        ledger.record(page(WEB), 1);
        assertThat(ledger.knows(LOGS)).isFalse();
        ledger.forget(APP);

        assertThat(ledger.knows(LOGS)).isTrue();
        assertThat(ledger.knows(ELSEWHERE)).isFalse();
        assertThat(told.get(told.size() - 1).namespace()).contains("shop");
    }

    @Test
    void aPolicyIsKnownWhenWhatItConcernsWasLookedAtWithItAsItIs() {
        ledger.begin(WorkloadKind.DEPLOYMENT, List.of());
        ledger.record(page(WEB), 1);
        ledger.await(LOGS, List.of(WEB), 2);

        ledger.record(page(WEB), 1);
        assertThat(ledger.knows(LOGS)).as("looked at with the old book").isFalse();
        ledger.record(page(WEB), 2);

        assertThat(ledger.knows(LOGS)).isTrue();
        assertThat(told.get(told.size() - 1).policies()).containsExactly(LOGS);
        ledger.await(LOGS, List.of(), 3);
        assertThat(ledger.knows(LOGS)).as("it concerns nobody").isTrue();
    }

    @Test
    void aFirstLookWithAnOlderBookIsNone() {
        ledger.begin(WorkloadKind.DEPLOYMENT, List.of(WEB, APP));
        ledger.await(LOGS, List.of(), 2);

        ledger.record(page(WEB), 1);
        ledger.record(page(APP), 2);
        assertThat(ledger.knows(LOGS))
                .as("the look at web knew nothing of the policy")
                .isFalse();
        ledger.record(page(WEB), 2);

        assertThat(ledger.knows(LOGS)).isTrue();
    }

    @Test
    void a_turn_ends_before_anybody_is_told_of_the_page_and_is_news_by_itself() {
        ledger.record(page(WEB, standing(SyncState.INJECTED, null)), 1);
        told.clear();
        List<Integer> toldBefore = new ArrayList<>();

        ledger.record(page(WEB, standing(SyncState.INJECTED, null)), 1, () -> {
            toldBefore.add(told.size());
            assertThat(ledger.of(LOGS)).hasSize(1);
            return Set.of(ELSEWHERE);
        });

        assertThat(toldBefore).containsExactly(0);
        assertThat(told).extracting(ObservationStore.Changes::policies).containsExactly(Set.of(ELSEWHERE));
    }

    @Test
    void a_workload_that_has_gone_is_not_waited_for() {
        ledger.begin(WorkloadKind.DEPLOYMENT, List.of());
        ledger.record(page(WEB), 1);
        ledger.forget(WEB);

        ledger.await(LOGS, List.of(WEB), 2);

        assertThat(ledger.knows(LOGS)).isTrue();
    }

    @Test
    void pagesAreFoundByPolicyAndByNamespace() {
        ledger.record(page(WEB, standing(SyncState.INJECTED, null)), 1);
        ledger.record(page(APP), 1);
        ledger.record(page(FAR), 1);

        assertThat(ledger.of(LOGS)).extracting(WorkloadObservation::ref).containsExactly(WEB);
        assertThat(ledger.in("shop")).extracting(WorkloadObservation::ref).containsExactlyInAnyOrder(WEB, APP);
        ledger.record(page(WEB), 2);
        assertThat(ledger.of(LOGS)).isEmpty();
        ledger.forget(WEB);
        ledger.forget(APP);
        assertThat(ledger.in("shop")).isEmpty();
    }

    @Test
    void onlyAChangeIsTold() {
        ledger.begin(WorkloadKind.DEPLOYMENT, List.of());
        ledger.record(page(WEB, standing(SyncState.INJECTED, null)), 1);
        assertThat(told).hasSize(1);

        ledger.record(page(WEB, standing(SyncState.INJECTED, null)), 2);
        assertThat(told).hasSize(1);

        ledger.record(page(WEB, standing(SyncState.REFUSED, Reason.EnvTaken)), 3);
        assertThat(told).hasSize(2);
        ledger.forget(WEB);
        ledger.forget(WEB);
        assertThat(told).hasSize(3);
    }

    @Test
    void whatWasSoBeforeTheStartHasNoTime() {
        ledger.begin(WorkloadKind.DEPLOYMENT, List.of(WEB));
        ledger.record(page(WEB, standing(SyncState.INJECTED, null)), 1);
        ledger.record(page(APP, standing(SyncState.INJECTED, null)), 1);

        assertThat(since(WEB)).isEqualTo(Instant.EPOCH);
        assertThat(since(APP)).isEqualTo(NOON);
    }

    @Test
    void theCountsFollowThePages() {
        ObservationStore.Cause injected = new ObservationStore.Cause(SyncState.INJECTED, Optional.empty());
        ObservationStore.Cause refused = new ObservationStore.Cause(SyncState.REFUSED, Optional.of(Reason.EnvTaken));
        ledger.record(page(WEB, standing(SyncState.INJECTED, null)), 1);
        ledger.record(page(APP, standing(SyncState.INJECTED, null)), 1);
        assertThat(ledger.count(injected)).isEqualTo(2);

        ledger.record(page(APP, standing(SyncState.REFUSED, Reason.EnvTaken)), 2);
        assertThat(ledger.count(injected)).isEqualTo(1);
        assertThat(ledger.count(refused)).isEqualTo(1);
        ledger.forget(APP);
        assertThat(ledger.count(refused)).isZero();
    }

    private Instant since(WorkloadRef ref) {
        WorkloadObservation page = ledger.in(ref.namespace()).stream()
                .filter(found -> found.ref().equals(ref))
                .findFirst()
                .orElseThrow();
        return Objects.requireNonNull(page.policies().get(LOGS)).since();
    }

    private static WorkloadRef ref(String namespace, String name) {
        return new WorkloadRef("apps", "Deployment", namespace, name);
    }

    private static SyncStatus standing(SyncState standing, @org.jspecify.annotations.Nullable Reason reason) {
        return new SyncStatus(
                standing, Optional.ofNullable(reason), "", Optional.of("r1"), true, false, Instant.EPOCH);
    }

    private static WorkloadObservation page(WorkloadRef ref) {
        return new WorkloadObservation(ref, Map.of(), RolloutState.COMPLETE, new TreeMap<>(), new TreeMap<>(), List.of(), 1);
    }

    private static WorkloadObservation page(WorkloadRef ref, SyncStatus standing) {
        return new WorkloadObservation(
                ref, Map.of(), RolloutState.COMPLETE, new TreeMap<>(Map.of(LOGS, standing)), new TreeMap<>(), List.of(), 1);
    }
}

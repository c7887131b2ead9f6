package io.sidecaroperator.core.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.RolloutState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** From the engine's result to the sync status of a workload under each policy; the engine is the real one. */
class WorkloadObservationTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ObjectNode PLAIN = (ObjectNode)
            Json.parse(
                    "{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"web:1\"}]}}");
    private static final CompiledPolicy LOGS = policy("logs", "collector", "1");
    private static final CompiledPolicy PROXY = policy("proxy", "envoy", "1");

    @Test
    void aWriteThatIsDoneMakesItInjected() {
        assertThat(syncStates(PLAIN, PolicyIndex.of(List.of(LOGS)), new WriteResult.Done()))
                .containsExactly("shop/logs INJECTED carried");
        assertThat(syncStates(PLAIN, PolicyIndex.of(List.of(LOGS)), new WriteResult.Postponed("down", true)))
                .containsExactly("shop/logs OUTDATED down");
    }

    @Test
    void aRefusedWriteIsAboutThePoliciesItWouldHaveChanged() {
        ObjectNode injected = inject(PLAIN, PolicyIndex.of(List.of(LOGS))).template();

        assertThat(syncStates(
                        injected,
                        PolicyIndex.of(List.of(LOGS, PROXY)),
                        new WriteResult.Rejected(Reason.RejectedByServer, "no")))
                .containsExactly("shop/logs INJECTED carried", "shop/proxy REFUSED RejectedByServer no");

        ObjectNode damaged = injected.deepCopy();
        ((ObjectNode) damaged.at("/spec")).remove("initContainers");
        assertThat(syncStates(
                        damaged,
                        PolicyIndex.of(List.of(LOGS)),
                        new WriteResult.Rejected(Reason.RejectedByServer, "no")))
                .as("a rejected repair concerns every policy")
                .containsExactly("shop/logs REFUSED RejectedByServer no carried");
        assertThat(syncStates(
                        PLAIN,
                        PolicyIndex.of(List.of(LOGS)),
                        new WriteResult.Rejected(Reason.KeepsBeingRemoved, "5 times")))
                .containsExactly("shop/logs REFUSED KeepsBeingRemoved 5 times");
    }

    @Test
    void aWriteThatIsStillToBeDoneIsAboutThePoliciesItWouldChange() {
        ObjectNode injected = inject(PLAIN, PolicyIndex.of(List.of(LOGS))).template();

        assertThat(syncStates(injected, PolicyIndex.of(List.of(LOGS, PROXY)), new WriteResult.Postponed("down", true)))
                .containsExactly("shop/logs INJECTED carried", "shop/proxy OUTDATED down");
        assertThat(syncStates(injected, PolicyIndex.of(List.of(LOGS)), new WriteResult.Postponed("down", false)))
                .as("a change of the workload's own metadata says nothing about its pods")
                .containsExactly("shop/logs INJECTED carried");
    }

    @Test
    void whatCannotBeLookedAtIsOutdatedWhereItCarriesOrShouldCarry() {
        ObjectNode injected = inject(PLAIN, PolicyIndex.of(List.of(LOGS))).template();
        WorkloadObservation before = WorkloadObservation.of(
                inject(injected, PolicyIndex.of(List.of(LOGS, policy("other", "collector", "2")))),
                new WriteResult.Done(),
                RolloutState.COMPLETE,
                new TreeMap<>());
        Map<PolicyKey, String> retained = Map.of(LOGS.key(), LOGS.revision());

        assertThat(syncStates(WorkloadObservation.unseen(before.ref(), before, retained, "it broke")))
                .containsExactly(
                        "shop/logs OUTDATED it broke carried",
                        "shop/other REFUSED ContainerNameTaken policy shop/logs already adds a container named collector");
        assertThat(syncStates(WorkloadObservation.unseen(before.ref(), null, retained, "it broke")))
                .containsExactly("shop/logs OUTDATED it broke carried");
    }

    @Test
    void aPolicyThatLetsGoIsLeavingUntilItIsWritten() {
        ObjectNode injected = inject(PLAIN, PolicyIndex.of(List.of(LOGS))).template();
        PolicyIndex deleting = PolicyIndex.of(List.of(), new PolicyIndex.Terminating(Set.of(LOGS.key()), Set.of()));

        assertThat(syncStates(injected, deleting, new WriteResult.Postponed("down", true)))
                .containsExactly("shop/logs LEAVING down carried");
        assertThat(syncStates(injected, deleting, new WriteResult.Rejected(Reason.RejectedByServer, "no")))
                .containsExactly("shop/logs LEAVING RejectedByServer no carried");
        assertThat(syncStates(injected, deleting, new WriteResult.Done())).isEmpty();
    }

    @Test
    void whatAnAbsentPolicyAddedIsOrphaned() {
        ObjectNode injected = inject(PLAIN, PolicyIndex.of(List.of(LOGS))).template();

        assertThat(syncStates(injected, PolicyIndex.EMPTY, new WriteResult.Done()))
                .containsExactly("shop/logs ORPHANED Orphaned " + Reason.Orphaned.meaning() + " carried");
    }

    @Test
    void whatAPolicyLeavesToTheUserIsNoLongerCarriedOnceThatIsWritten() {
        ObjectNode injected = inject(PLAIN, PolicyIndex.of(List.of(LOGS))).template();
        PolicyIndex terminating = PolicyIndex.of(List.of(), new PolicyIndex.Terminating(Set.of(), Set.of(LOGS.key())));
        String left = "shop/logs ORPHANED LeftToUser " + Reason.LeftToUser.meaning();

        assertThat(syncStates(injected, terminating, new WriteResult.Postponed("down", true)))
                .containsExactly(left + " carried");
        assertThat(syncStates(injected, terminating, new WriteResult.Done())).containsExactly(left);
    }

    @Test
    void aHeldPolicyIsOutdatedForItsReasonAndWhatItWouldAddIsNotThere() {
        CompiledPolicy audited = policy("logs", "collector", "1", "\"mode\": \"Audit\", ");

        assertThat(syncStates(PLAIN, PolicyIndex.of(List.of(audited)), new WriteResult.Done()))
                .containsExactly("shop/logs OUTDATED Audited " + Reason.Audited.meaning());
        ObjectNode injected = inject(PLAIN, PolicyIndex.of(List.of(LOGS))).template();
        assertThat(syncStates(injected, PolicyIndex.of(List.of(audited)), new WriteResult.Done()))
                .containsExactly("shop/logs INJECTED carried");
        assertThat(syncStates(elsewhere(injected), PolicyIndex.of(List.of(audited)), new WriteResult.Done()))
                .as("a policy in Audit removes nothing")
                .containsExactly("shop/logs ORPHANED NotSelected " + Reason.NotSelected.meaning() + " carried");
    }

    @Test
    void aConflictIsRefusedAndWhatIsCarriedIsStillCarried() {
        ObjectNode injected = inject(PLAIN, PolicyIndex.of(List.of(LOGS))).template();
        CompiledPolicy other = policy("other", "collector", "2");

        assertThat(syncStates(injected, PolicyIndex.of(List.of(LOGS, other)), new WriteResult.Done()))
                .containsExactly(
                        "shop/logs INJECTED carried",
                        "shop/other REFUSED ContainerNameTaken policy shop/logs already adds a container named collector");
    }

    @Test
    void thePageKeepsTheLabelsThatSelectorsSee() {
        WorkloadObservation observation = WorkloadObservation.of(
                inject(PLAIN, PolicyIndex.of(List.of(LOGS))),
                new WriteResult.Done(),
                RolloutState.PROGRESSING,
                new TreeMap<>());

        assertThat(observation.labels()).isEqualTo(Map.of("app", "web"));
        assertThat(observation.retains(LOGS.key())).isTrue();
        assertThat(observation.retains(new PolicyKey("shop", "none"))).isFalse();
    }

    @Test
    void thePageKeepsWhatWasAskedForInVain() {
        ObjectNode asking = PLAIN.deepCopy();
        asking.withObject("/metadata/annotations")
                .put("sidecar-operator.io/override", "{\"collector\": {\"image\": \"mine:1\"}, \"other\": {}}");
        WorkloadObservation observation = WorkloadObservation.of(
                inject(asking, PolicyIndex.of(List.of(LOGS))),
                new WriteResult.Done(),
                RolloutState.COMPLETE,
                new TreeMap<>());

        assertThat(observation.ignored())
                .containsExactly(
                        "annotation sidecar-operator.io/override: no policy gives this workload a sidecar named other",
                        "override of collector: image is not in overrides.allow of policy shop/logs");
        assertThat(observation.dated(null, NOON).ignored()).isEqualTo(observation.ignored());
    }

    @Test
    void aStandingKeepsItsTimeWhileItIsTheSame() {
        WorkloadObservation first = WorkloadObservation.of(
                        inject(PLAIN, PolicyIndex.of(List.of(LOGS))),
                        new WriteResult.Postponed("one", true),
                        RolloutState.COMPLETE,
                        new TreeMap<>())
                .dated(null, NOON);
        WorkloadObservation same = WorkloadObservation.of(
                        inject(PLAIN, PolicyIndex.of(List.of(LOGS))),
                        new WriteResult.Postponed("two", true),
                        RolloutState.COMPLETE,
                        new TreeMap<>())
                .dated(first, NOON.plusSeconds(1));
        WorkloadObservation done = WorkloadObservation.of(
                        inject(PLAIN, PolicyIndex.of(List.of(LOGS))),
                        new WriteResult.Done(),
                        RolloutState.COMPLETE,
                        new TreeMap<>())
                .dated(same, NOON.plusSeconds(2));

        assertThat(since(same)).isEqualTo(NOON);
        assertThat(since(done)).isEqualTo(NOON.plusSeconds(2));
    }

    private static ObjectNode elsewhere(ObjectNode template) {
        ObjectNode other = template.deepCopy();
        other.withObject("/metadata/labels").put("app", "elsewhere");
        return other;
    }

    private static List<String> syncStates(ObjectNode template, PolicyIndex index, WriteResult write) {
        return syncStates(
                WorkloadObservation.of(inject(template, index), write, RolloutState.COMPLETE, new TreeMap<>()));
    }

    private static List<String> syncStates(WorkloadObservation observation) {
        return observation.policies().entrySet().stream()
                .map(entry -> text(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String text(PolicyKey key, SyncStatus syncState) {
        return key + " " + syncState.syncState()
                + syncState.reason().map(reason -> " " + reason).orElse("")
                + (syncState.message().isEmpty() ? "" : " " + syncState.message())
                + (syncState.kept() ? " carried" : "");
    }

    private static Instant since(WorkloadObservation observation) {
        return Objects.requireNonNull(observation.policies().get(LOGS.key())).since();
    }

    private static Injection inject(ObjectNode template, PolicyIndex index) {
        WorkloadRef ref = new WorkloadRef("apps", "Deployment", "shop", "web");
        return Engine.CURRENT.inject(
                Input.ofTemplate(
                        ref, Input.InNamespace.PLAIN, template, KubernetesVersion.NEWEST, Trigger.Resync.FREELY),
                index);
    }

    private static CompiledPolicy policy(String name, String container, String tag) {
        return policy(name, container, tag, "");
    }

    private static CompiledPolicy policy(String name, String container, String tag, String more) {
        return PolicyCompiler.compile((ObjectNode) Json.parse("""
                {"apiVersion": "sidecar-operator.io/v1alpha1", "kind": "SidecarPolicy",
                 "metadata": {"name": "%s", "namespace": "shop"},
                 "spec": {%s"selector": {"matchLabels": {"app": "web"}},
                          "sidecars": [{"name": "%s", "image": "%s:%s"}]}}""".formatted(name, more, container, container, tag)));
    }
}

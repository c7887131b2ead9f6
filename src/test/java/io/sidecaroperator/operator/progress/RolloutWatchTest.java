package io.sidecaroperator.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.DeletionPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.rollout.RolloutRules;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.operator.controller.MockApi;
import io.sidecaroperator.operator.controller.MovableClock;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.operator.watch.Pods;
import io.sidecaroperator.operator.watch.Policies;
import io.sidecaroperator.operator.write.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The state of a rollout whose pods cannot be read now. */
class RolloutWatchTest {
    private static final PolicyKey LOGS = new PolicyKey("shop", "logs");
    private static final WorkloadRef WEB = new WorkloadRef("apps", "Deployment", "shop", "web");
    private static final CompiledPolicy POLICY = PolicyCompiler.compile((ObjectNode) Json.parse("""
            {"apiVersion": "sidecar-operator.io/v1alpha1", "kind": "SidecarPolicy",
             "metadata": {"name": "logs", "namespace": "shop"},
             "spec": {"selector": {}, "sidecars": [{"name": "tail", "image": "tail:1"}]}}"""));
    private static final ObjectNode TEMPLATE = Engine.CURRENT
            .inject(
                    Input.ofTemplate(
                            WEB,
                            Input.InNamespace.PLAIN,
                            (ObjectNode)
                                    Json.parse("{\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"web:1\"}]}}"),
                            KubernetesVersion.NEWEST,
                            Trigger.Resync.FREELY),
                    PolicyIndex.of(List.of(POLICY)))
            .template();

    private final MockApi api = new MockApi();
    private final MovableClock clock = new MovableClock();
    private final RolloutWatch watch = new RolloutWatch(
            WorkloadKind.DEPLOYMENT,
            new Pods(api.client(), new Writer(api.client(), () -> true, new SimpleMeterRegistry())),
            clock);
    private final ObjectNode web = inFlight();

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aDeadlineThatPassedWhileNobodyAnsweredIsHeldAgainstNobodyUntilTheWatchHasCaughtUp() {
        assertThat(phase()).isEqualTo(WorkloadRollout.Phase.PROGRESSING);
        api.cause(request -> request.contains("/pods") ? MockApi.status(503) : Optional.empty());
        clock.reconciliation(Duration.ofSeconds(601));
        assertThat(phase()).as("the API server does not answer").isEqualTo(WorkloadRollout.Phase.PROGRESSING);

        api.cause(request -> Optional.empty());
        clock.reconciliation(Duration.ofSeconds(4));
        assertThat(phase()).as("the watch may be outdated").isEqualTo(WorkloadRollout.Phase.PROGRESSING);
        clock.reconciliation(Duration.ofSeconds(56));
        assertThat(phase()).isEqualTo(WorkloadRollout.Phase.FAILED);
    }

    @Test
    void aDeadlineCountsWherePodsMayNotBeReadAtAll() {
        api.cause(request -> request.contains("/pods") ? MockApi.status(403) : Optional.empty());
        assertThat(phase()).isEqualTo(WorkloadRollout.Phase.PROGRESSING);

        clock.reconciliation(Duration.ofSeconds(601));

        assertThat(phase()).isEqualTo(WorkloadRollout.Phase.FAILED);
    }

    private WorkloadRollout.Phase phase() {
        KnownPolicy policy = new KnownPolicy(
                LOGS,
                "uid",
                1,
                false,
                true,
                DeletionPolicy.DELETE,
                RolloutRules.DEFAULT,
                Optional.empty(),
                Optional.of(POLICY),
                Map.of(),
                List.of());
        Policies.Snapshot policies =
                new Policies.Snapshot(1, Map.of(LOGS, policy), PolicyIndex.EMPTY, PolicyIndex.EMPTY);
        return Objects.requireNonNull(watch.poll(WEB, web, TEMPLATE, policies)
                        .workloadRollouts()
                        .get(LOGS))
                .phase();
    }

    /** Just written, complete before, and its pods are being replaced. */
    private ObjectNode inFlight() {
        ObjectNode workload = (ObjectNode) Json.parse("""
                {"metadata": {"name": "web", "namespace": "shop", "uid": "u", "generation": 1},
                 "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}},
                 "status": {"observedGeneration": 1, "replicas": 2, "updatedReplicas": 1, "conditions": []}}""");
        LastWrite.Change change = new LastWrite.Change(Optional.empty(), Optional.of(POLICY.revision()), false);
        return new LastWrite(
                        "u",
                        clock.instant(),
                        LastWrite.hashOf(Engine.strip(TEMPLATE).template()),
                        true,
                        Optional.empty(),
                        new TreeMap<>(Map.of(LOGS, change)))
                .on(workload);
    }
}

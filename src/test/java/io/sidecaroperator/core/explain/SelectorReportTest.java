package io.sidecaroperator.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.injection.RandomWorld;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.support.PolicyFile;
import io.sidecaroperator.support.RandomRuns;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The selector report agrees with the engine's first rule. */
class SelectorReportTest {
    private static final int WORLDS = 2_000;

    private int hits;
    private int mismatches;

    @Test
    void itIsHitWhereTheRuleSelects() {
        RandomRuns.forEachSeed(WORLDS, this::world);
        assertThat(hits).isGreaterThan(RandomRuns.atLeast(500));
        assertThat(mismatches).isGreaterThan(RandomRuns.atLeast(500));
    }

    private void world(long seed) {
        RandomWorld world = new RandomWorld(seed, RandomWorld.Shape.WILD);
        Input input = world.input(world.template());
        for (ObjectNode tree : world.policies()) {
            CompiledPolicy policy = PolicyCompiler.compile(tree);
            boolean selected = Engine.CURRENT.inject(input, PolicyIndex.of(List.of(policy))).outcomes().stream()
                    .anyMatch(PolicyOutcome::matched);
            SelectorReport report = SelectorReport.of(policy, input);
            assertThat(report.isHit()).as("%s", report).isEqualTo(selected);
            assertThat(report.missed().isEmpty()).isEqualTo(selected);
            hits += selected ? 1 : 0;
            mismatches += selected ? 0 : 1;
        }
    }

    @Test
    void everyPartThatDoesNotFitIsNamed() {
        CompiledPolicy policy = PolicyCompiler.compile(yaml("""
                apiVersion: sidecar-operator.io/v1alpha1
                kind: ClusterSidecarPolicy
                metadata: {name: trace}
                spec:
                  namespaceSelector: {matchLabels: {team: a}, matchExpressions: [{key: prod, operator: Exists}]}
                  workloads: {kinds: [StatefulSet, Deployment], names: ["web-*", api]}
                  selector:
                    matchLabels: {app: web, tier: front}
                    matchExpressions:
                    - {key: track, operator: NotIn, values: [canary]}
                    - {key: legacy, operator: DoesNotExist}
                  sidecars: [{name: trace, image: "trace:1"}]
                """));
        ObjectNode template = yaml("""
                metadata: {labels: {app: web, tier: back, track: canary, legacy: "1"}}
                spec: {containers: [{name: app, image: "app:1"}]}
                """);
        Input input = Input.ofTemplate(
                new WorkloadRef("apps", "DaemonSet", "kube-system", "db"),
                new Input.InNamespace(Map.of("team", "b"), true, List.of()),
                template,
                KubernetesVersion.NEWEST,
                new Trigger.Offline());

        SelectorReport report = SelectorReport.of(policy, input);

        assertThat(report.isHit()).isFalse();
        assertThat(report.missed().stream().map(SelectorReport.Term::toString))
                .containsExactly(
                        "namespace is none of the cluster's own, but the workload is in namespace kube-system",
                        "namespaceSelector wants team=a, but the namespace has team=b",
                        "namespaceSelector wants a label prod, but the namespace has no label prod",
                        "workloads.kinds wants Deployment or StatefulSet, but it is a DaemonSet",
                        "workloads.names wants web-* or api, but it is called db",
                        "selector wants tier=front, but the pod template has tier=back",
                        "selector wants track not in (canary), but the pod template has track=canary",
                        "selector wants no label legacy, but the pod template has legacy=1");
        assertThat(report.parts()).hasSize(9);
        assertThat(Set.copyOf(report.parts()))
                .contains(new SelectorReport.Term("selector", "app=web", "the pod template has app=web", true));
    }

    private static ObjectNode yaml(String text) {
        return PolicyFile.yaml(text).findFirst().orElseThrow();
    }
}

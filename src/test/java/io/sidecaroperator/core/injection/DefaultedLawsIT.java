package io.sidecaroperator.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.support.TestCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The laws that involve a server, checked against the real one by dry run. It accepts every injected object whose
 * original it accepts. What it adds, drops and rewrites is not taken for a change, and stripping leaves none of it
 * behind.
 */
class DefaultedLawsIT {
    private static final int WORLDS = 2_000;

    private final TestCluster cluster = TestCluster.get();
    private final String namespace = cluster.namespace("defaulted", Map.of());
    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void podsAreAcceptedWhereTheyWereAcceptedBefore() {
        List<GuardedNamespace> guarded = GuardedNamespace.all(cluster);
        RandomRuns.forEachSeed(
                WORLDS,
                seed -> pod(new RandomWorld(seed, RandomWorld.Shape.VALID), guarded.get((int) seed % guarded.size())));
        System.out.println("Pods in guarded namespaces: " + seen);
        assertThat(seen.getOrDefault("injected", 0)).as("%s", seen).isGreaterThanOrEqualTo(RandomRuns.atLeast(400));
        for (Reason reason : List.of(Reason.PodSecurity, Reason.LimitRange)) {
            assertThat(seen.getOrDefault(reason.name(), 0))
                    .as("%s", seen)
                    .isGreaterThanOrEqualTo(RandomRuns.atLeast(100));
        }
    }

    /**
     * Checks a pod of the injected template, with what the template leaves to its pods, as the server would admit it.
     */
    private void pod(RandomWorld world, GuardedNamespace guarded) {
        ObjectNode template = world.template();
        List<ObjectNode> policies = world.policies();
        if (world.chance(70)) {
            new PodTemplate(template).allContainers().forEach(GuardedNamespace::secure);
        }
        policies.stream()
                .filter(policy -> world.chance(60))
                .flatMap(policy -> Json.objects(policy.path("spec"), "sidecars"))
                .forEach(GuardedNamespace::secure);
        PolicyIndex index =
                PolicyIndex.of(policies.stream().map(PolicyCompiler::compile).toList());
        Input input = Input.ofTemplate(
                world.input(template).ref(),
                guarded.input(),
                template,
                KubernetesVersion.NEWEST,
                new Trigger.Offline());
        if (!guarded.accepts(template)) {
            seen.merge("original refused", 1, Integer::sum);
            return;
        }
        Injection injection = Engine.CURRENT.inject(input, index);
        Input ofPod = Input.ofPod(
                input.ref(), guarded.input(), injection.template(), KubernetesVersion.NEWEST, new Trigger.ManagedPod());
        ObjectNode pod = Engine.CURRENT.inject(ofPod, index).template();
        assertThat(guarded.accepts(pod))
                .as("%s: %s", guarded.refusal(), Json.text(pod))
                .isTrue();
        injection.outcomes().stream()
                .map(PolicyOutcome::decision)
                .forEach(decision -> seen.merge(
                        decision instanceof Decision.Refuse refuse
                                ? refuse.reason().name()
                                : decision.getClass().getSimpleName(),
                        1,
                        Integer::sum));
        seen.merge(pod.equals(template) ? "untouched" : "injected", 1, Integer::sum);
    }

    @Test
    void theServersDefaultsAreNeverTakenForAChange() {
        RandomRuns.forEachSeed(WORLDS, this::world);
        assertThat(seen.getOrDefault("injected", 0)).as("%s", seen).isGreaterThanOrEqualTo(RandomRuns.atLeast(1_000));
        assertThat(seen.getOrDefault("original refused", 0)).as("%s", seen).isZero();
    }

    private void world(long seed) {
        RandomWorld world = new RandomWorld(seed, RandomWorld.Shape.VALID);
        ObjectNode template = world.template();
        Input input = world.input(template);
        PolicyIndex index = PolicyIndex.of(
                world.policies().stream().map(PolicyCompiler::compile).toList());
        Injection injection = Engine.CURRENT.inject(input, index);
        Optional<ObjectNode> original = defaulted(template);
        if (original.isEmpty()) {
            seen.merge("original refused", 1, Integer::sum);
            return;
        }
        ObjectNode stored = defaulted(injection.template())
                .orElseThrow(() -> new AssertionError("refused: " + Json.text(injection.template())));
        Injection again = Engine.CURRENT.inject(input.withTemplate(stored), index);
        assertThat(Engine.CURRENT.inSync(again))
                .as("in sync once stored: %s", Json.text(stored))
                .isTrue();
        assertThat(defaulted(Engine.strip(stored).template()))
                .as("stripped and stored again")
                .isEqualTo(original);
        seen.merge(Engine.hasReceipt(stored) ? "injected" : "untouched", 1, Integer::sum);
    }

    /** What the server would store for a Deployment of this template; empty when it refuses. */
    private Optional<ObjectNode> defaulted(ObjectNode template) {
        ObjectNode deployment = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
        deployment.putObject("metadata").put("name", "world").put("namespace", namespace);
        ObjectNode spec = deployment.putObject("spec");
        spec.putObject("selector").putObject("matchLabels").put("app", "x");
        spec.set("template", template);
        KubernetesClient client = cluster.admin();
        try {
            String answer = client.raw(
                    "/apis/apps/v1/namespaces/" + namespace + "/deployments?dryRun=All", "POST", Json.text(deployment));
            return Optional.of((ObjectNode) Json.parse(String.valueOf(answer)).at("/spec/template"));
        } catch (KubernetesClientException e) {
            seen.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
            return Optional.empty();
        }
    }
}

package io.sidecaroperator.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.RandomRuns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A SidecarPolicy of one namespace never changes anything in another: whatever it selects, whether it exists, is
 * terminating or was deleted, and even if a copied receipt names it.
 */
class IsolationTest {
    private static final int WORLDS = 10_000;
    private static final int QUESTIONS = 3;
    private static final int LEAST = RandomRuns.atLeast(400);
    private static final String ELSEWHERE = "elsewhere";

    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void policiesOfAnotherNamespaceChangeNothing() {
        RandomRuns.forEachSeed(WORLDS, this::world);
        System.out.println("Isolation, over " + RandomRuns.of(WORLDS) + " pairs of selectors and namespaces: " + seen);
        assertThat(List.of("selected from elsewhere", "carries a foreign receipt", "leaves parts to pods"))
                .allSatisfy(what -> assertThat(seen.getOrDefault(what, 0))
                        .as("%s, of %s", what, seen)
                        .isGreaterThan(LEAST));
    }

    private void world(long seed) {
        RandomWorld world = new RandomWorld(seed, RandomWorld.Shape.WILD);
        ObjectNode user = world.template();
        Input input = world.input(user);
        List<CompiledPolicy> own =
                world.policies().stream().map(PolicyCompiler::compile).toList();
        // Sometimes the names are the same as here, so that only the namespace tells them apart.
        List<CompiledPolicy> foreign = world.policies().stream()
                .map(IsolationTest::elsewhere)
                .map(PolicyCompiler::compile)
                .toList();
        ObjectNode live = world.chance(60) ? copied(input, user, foreign) : user;
        Input found = input.withTemplate(live).withOrphaned(world.chance(10) ? keys(foreign) : Set.of());
        count(input, live, foreign);

        PolicyIndex ours = PolicyIndex.of(own);
        List<Input> triggers = triggers(world, found, user);
        for (int i = 0; i < QUESTIONS; i++) {
            Input asked = world.pick(triggers);
            Injection alone = Engine.CURRENT.inject(asked, ours);
            Injection beside =
                    Engine.CURRENT.inject(asked, world.pick(states(foreign)).apply(own));
            assertThat(Json.text(beside.template())).as("%s", asked.trigger()).isEqualTo(Json.text(alone.template()));
            assertThat(Engine.CURRENT.inSync(beside))
                    .as("whether a write is needed, %s", asked.trigger())
                    .isEqualTo(Engine.CURRENT.inSync(alone));
        }
    }

    private static ObjectNode elsewhere(ObjectNode policy) {
        policy.put("kind", "SidecarPolicy").withObject("/metadata").put("namespace", ELSEWHERE);
        policy.withObject("/spec").remove("namespaceSelector");
        return policy;
    }

    /** The result of copying a workload of the other namespace as it is stored there. */
    private static ObjectNode copied(Input input, ObjectNode user, List<CompiledPolicy> foreign) {
        WorkloadRef there = new WorkloadRef(
                input.ref().group(), input.ref().kind(), ELSEWHERE, input.ref().name());
        Input asked = Input.ofTemplate(there, input.namespace(), user, input.server(), Trigger.Resync.FREELY);
        return Engine.CURRENT.inject(asked, PolicyIndex.of(foreign)).template();
    }

    private static List<Input> triggers(RandomWorld world, Input found, ObjectNode user) {
        ObjectNode changed =
                world.chance(50) ? user.deepCopy() : found.template().deepCopy();
        new PodTemplate(changed).containers().forEach(container -> container.put("image", "example/app:3"));
        List<Input> all = new ArrayList<>(List.of(
                found,
                found.on(Trigger.Resync.FREELY),
                found.on(new Trigger.Create()),
                found.on(new Trigger.Offline()),
                found.withTemplate(changed).on(new Trigger.Update(found.template())),
                found.withTemplate(user).on(new Trigger.Update(found.template()))));
        for (Trigger trigger : List.of(new Trigger.Create(), new Trigger.ManagedPod())) {
            all.add(Input.ofPod(found.ref(), found.namespace(), found.template(), found.server(), trigger));
        }
        return all;
    }

    /** The policies of the other namespace exist, are being deleted, leave what they added, or left a revision. */
    private static List<Function<Collection<CompiledPolicy>, PolicyIndex>> states(List<CompiledPolicy> foreign) {
        return List.of(
                own -> PolicyIndex.of(both(own, foreign)),
                own -> PolicyIndex.of(own, new PolicyIndex.Terminating(keys(foreign), Set.of())),
                own -> PolicyIndex.of(own, new PolicyIndex.Terminating(Set.of(), keys(foreign))),
                own -> PolicyIndex.of(both(own, foreign), new PolicyIndex.Terminating(Set.of(), keys(foreign)))
                        .withKept(foreign.stream()
                                .collect(Collectors.toMap(
                                        CompiledPolicy::key, policy -> Map.of(policy.revision(), policy)))));
    }

    private static List<CompiledPolicy> both(Collection<CompiledPolicy> own, List<CompiledPolicy> foreign) {
        List<CompiledPolicy> all = new ArrayList<>(own);
        all.addAll(foreign);
        return all;
    }

    private static Set<PolicyKey> keys(List<CompiledPolicy> policies) {
        return policies.stream().map(CompiledPolicy::key).collect(Collectors.toSet());
    }

    private void count(Input input, ObjectNode live, List<CompiledPolicy> foreign) {
        Receipt receipt = Engine.receiptOf(live).orElse(Receipt.EMPTY);
        boolean selected = foreign.stream()
                .anyMatch(policy -> policy.target().includes(input.ref(), new PodTemplate(input.template()).labels()));
        seen.merge("selected from elsewhere", selected ? 1 : 0, Integer::sum);
        seen.merge("carries a foreign receipt", receipt.entries().isEmpty() ? 0 : 1, Integer::sum);
        seen.merge("leaves parts to pods", receipt.leavesToPods() ? 1 : 0, Integer::sum);
    }
}

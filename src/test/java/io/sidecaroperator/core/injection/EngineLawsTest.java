package io.sidecaroperator.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.Explanation;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.RandomRuns;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What must hold for every template and every set of policies, over many random ones. */
class EngineLawsTest {
    private static final int WORLDS = 12_000;
    private static final int LEAST = RandomRuns.atLeast(50);
    /** Reasons that occur when a client changes what is stored; {@link UserChangesTest} covers them. */
    private static final Set<Reason> OF_OTHER_TRIGGERS = Set.of(Reason.NotProven, Reason.RevisionUnknown);

    private final Map<String, Integer> seen = new TreeMap<>();
    private int injected;
    private int matched;

    @Test
    void lawsHoldOverRandomWorlds() {
        RandomRuns.forEachSeed(WORLDS, this::world);
        assertThat(missing()).as("seen less than %d times, of %s", LEAST, seen).isEmpty();
        assertThat(injected * 100 / RandomRuns.of(WORLDS))
                .as("percent of templates injected")
                .isGreaterThanOrEqualTo(60);
        assertThat(matched).isGreaterThan(injected);
    }

    private void world(long seed) {
        RandomWorld world = new RandomWorld(seed, RandomWorld.Shape.WILD);
        ObjectNode template = world.template();
        Input input = world.input(template);
        List<CompiledPolicy> policies =
                world.policies().stream().map(PolicyCompiler::compile).toList();
        PolicyIndex index = PolicyIndex.of(policies);
        String before = Json.text(template);

        Injection injection = Engine.CURRENT.inject(input, index);
        ObjectNode result = injection.template();
        count(injection);

        assertThat(Json.text(template)).as("the input is not changed").isEqualTo(before);
        assertThat(Json.text(Engine.CURRENT.inject(input, index).template()))
                .as("same input, same bytes")
                .isEqualTo(Json.text(result));
        assertThat(Json.text(Engine.strip(result).template()))
                .as("strip gives the user's bytes back")
                .isEqualTo(before);
        assertFixed(input.withTemplate(result), index);
        assertThat(Patch.apply(Patch.diff(template, result), template))
                .as("the patch leads to the result")
                .isEqualTo(result);
        assertUsersOrder(template, result);
        assertWhole(injection);
        assertThat(Engine.CURRENT.inSync(injection))
                .as("in sync exactly when the policies add or remove no part")
                .isEqualTo(result.equals(template));
        life(world, input.withTemplate(result), policies);
    }

    /** Injecting the result again leaves it as it is, and the result is in sync. */
    private static void assertFixed(Input input, PolicyIndex index) {
        Injection again = Engine.CURRENT.inject(input, index);
        assertThat(Json.text(again.template()))
                .as("inject of inject, %s", Explanation.render(again))
                .isEqualTo(Json.text(input.template()));
        assertThat(Engine.CURRENT.inSync(again)).as("the result is in sync").isTrue();
    }

    private static void assertUsersOrder(ObjectNode before, ObjectNode after) {
        Set<String> ours = Engine.receiptOf(after).orElse(Receipt.EMPTY).containerNames();
        for (String list : List.of("initContainers", "containers")) {
            assertThat(new PodTemplate(after)
                            .names(list).stream()
                                    .filter(name -> !ours.contains(name))
                                    .toList())
                    .as("the user's %s keep their order", list)
                    .isEqualTo(new PodTemplate(before).names(list));
        }
    }

    /** A policy that is not injected leaves no parts; an injected one has an entry in the receipt. */
    private static void assertWhole(Injection injection) {
        Set<PolicyKey> recorded = Engine.receiptOf(injection.template())
                .orElse(Receipt.EMPTY)
                .entries()
                .keySet();
        injection
                .outcomes()
                .forEach(outcome -> assertThat(recorded.contains(outcome.policy()))
                        .as("%s", outcome)
                        .isEqualTo(outcome.plan().isPresent()));
    }

    /** What happens to an injected template later: edits, lost receipts, policies that change or go. */
    private void life(RandomWorld world, Input injected, List<CompiledPolicy> policies) {
        ObjectNode edited = injected.template().deepCopy();
        PolicyIndex index = PolicyIndex.of(policies);
        if (world.chance(30)) {
            index = PolicyIndex.of(policies.subList(1, policies.size()));
        } else if (world.chance(30)) {
            index = PolicyIndex.of(List.of(PolicyCompiler.compile(world.policy("policy-a"))));
        }
        assertClosedPlannerChangesNothing(injected, index);
        mutate(world, edited);
        Input input = injected.withTemplate(edited).withOrphaned(world.chance(15) ? injected(injected) : Set.of());
        Injection later = Engine.CURRENT.inject(input, index);
        count(later);
        // A client that writes a template without them removes their names from the workload, too.
        Set<PolicyKey> orphaned = later.template().equals(edited) ? input.orphaned() : Set.of();
        assertFixed(input.withTemplate(later.template()).withOrphaned(orphaned), index);
    }

    /** Policies have changed, appeared and gone, and none is permitted: the stored template stays as it is. */
    private static void assertClosedPlannerChangesNothing(Input injected, PolicyIndex index) {
        Input input = injected.on(new Trigger.Resync(Trigger.PermittedPolicies.of(Set.of()), Set.of()));
        Injection closed = Engine.CURRENT.inject(input, index);
        boolean unknownClaims =
                Engine.receiptOf(injected.template()).orElse(Receipt.EMPTY).leavesToPods();
        assertThat(unknownClaims || Engine.CURRENT.inSync(closed))
                .as("no policy is permitted, %s", Explanation.render(closed))
                .isTrue();
    }

    private static Set<PolicyKey> injected(Input input) {
        return Engine.receiptOf(input.template())
                .orElse(Receipt.EMPTY)
                .entries()
                .keySet();
    }

    private static void mutate(RandomWorld world, ObjectNode template) {
        ObjectNode annotations = Json.objectAt(template.path("metadata"), "annotations");
        if (annotations != null && annotations.has(Receipt.ANNOTATION)) {
            if (world.chance(10)) {
                annotations.remove(Receipt.ANNOTATION);
            } else if (world.chance(6)) {
                annotations.put(Receipt.ANNOTATION, world.pick(List.of("{", "7", "{\"a\":{}}", "[]", "")));
            }
        }
        if (world.chance(20) && template.get("spec") instanceof ObjectNode spec) {
            spec.put("terminationGracePeriodSeconds", world.pick(List.of(30, 45, 60, 90)));
        }
        if (world.chance(20) && annotations != null) {
            annotations.put(WorkloadOverrides.ANNOTATION, world.override());
        }
        new PodTemplate(template).containers().forEach(container -> {
            if (world.chance(15)) {
                Json.objects(container, "env").forEach(env -> env.put("value", "changed"));
            }
            if (world.chance(10)) {
                Json.objects(container, "volumeMounts").forEach(mount -> mount.put("mountPath", "/var/log"));
            }
            if (world.chance(5)) {
                container.remove("volumeMounts");
            }
        });
    }

    private void count(Injection injection) {
        injection.notes().forEach(note -> add(note.reason().name()));
        boolean any = false;
        for (PolicyOutcome outcome : injection.outcomes()) {
            outcome.notes().forEach(note -> add(note.reason().name()));
            outcome.pending().ifPresent(pending -> add(pending.reason().name()));
            outcome.plan()
                    .ifPresent(plan ->
                            plan.edits().forEach(edit -> add(edit.place().edit())));
            if (outcome.decision() instanceof Decision.Skip skip) {
                add(skip.reason().name());
            } else if (outcome.decision() instanceof Decision.Refuse refuse) {
                add(refuse.reason().name());
            } else {
                any = true;
            }
            matched += outcome.matched() ? 1 : 0;
        }
        injected += any && !Engine.hasReceipt(injection.input().template()) ? 1 : 0;
    }

    private void add(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    private Map<String, Integer> missing() {
        Map<String, Integer> missing = new HashMap<>();
        for (Reason reason : Reason.values()) {
            if (reason.ofEngine() && !OF_OTHER_TRIGGERS.contains(reason)) {
                missing.put(reason.name(), seen.getOrDefault(reason.name(), 0));
            }
        }
        for (Place place : Place.values()) {
            missing.put(place.edit(), seen.getOrDefault(place.edit(), 0));
        }
        missing.values().removeIf(times -> times >= LEAST);
        return missing;
    }
}

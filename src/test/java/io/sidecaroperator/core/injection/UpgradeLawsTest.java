package io.sidecaroperator.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.DefaultResources;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.RandomRuns;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A new build that renders differently restarts no pod. What is in sync stays in sync, and the new rendering comes with
 * the next change of the workload or of its policy.
 */
class UpgradeLawsTest {
    private static final int WORLDS = 8_000;
    private static final int LEAST = RandomRuns.atLeast(300);
    private static final Engine NEXT =
            new Engine(new RendererVersion(2, new DefaultResources("110m", "130Mi", "510m", "520Mi")));

    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void lawsHoldOverRandomWorlds() {
        RandomRuns.forEachSeed(WORLDS, this::world);
        System.out.println("Upgrades: " + seen);
        assertThat(List.of(
                        "rendered differently",
                        "in sync though rendered differently",
                        "with an override",
                        "left to pods",
                        "brought by a change of the workload",
                        "brought by a change of the policy"))
                .allSatisfy(what -> assertThat(seen.getOrDefault(what, 0))
                        .as("%s, of %s", what, seen)
                        .isGreaterThan(LEAST));
    }

    private void world(long seed) {
        RandomWorld world = new RandomWorld(seed, seed % 3 == 0 ? RandomWorld.Shape.VALID : RandomWorld.Shape.WILD);
        ObjectNode user = world.template();
        Input input = world.input(user);
        List<ObjectNode> policies = world.policies();
        PolicyIndex index =
                PolicyIndex.of(policies.stream().map(PolicyCompiler::compile).toList());
        ObjectNode stored = Engine.CURRENT.inject(input, index).template();
        count(NEXT.inject(input, index).template(), stored, user);

        staysInSync(input.withTemplate(stored), stored, index);
        unchangedByItsOwner(input, stored, user, index);
        podsOfTheTemplate(input, stored, index);
        changedByItsOwner(input, user, stored, index);
        changedPolicies(input, user, stored, policies);
    }

    private void count(ObjectNode renderedAnew, ObjectNode stored, ObjectNode user) {
        boolean differs = !renderedAnew.equals(stored);
        seen.merge("rendered differently", differs ? 1 : 0, Integer::sum);
        boolean overrides = user.path("metadata").path("annotations").has(WorkloadOverrides.ANNOTATION);
        seen.merge("with an override", differs && overrides ? 1 : 0, Integer::sum);
    }

    /** The operator, reconciling by itself after the upgrade, does not write. */
    private void staysInSync(Input live, ObjectNode stored, PolicyIndex index) {
        for (Trigger trigger : List.of(
                live.trigger(),
                new Trigger.Resync(Trigger.PermittedPolicies.of(Set.of()), Set.of()),
                new Trigger.Resync(
                        Trigger.PermittedPolicies.ofAllBut(Set.of(new PolicyKey(RandomWorld.NAMESPACE, "policy-a"))),
                        Set.of(new PolicyKey(RandomWorld.NAMESPACE, "policy-b"))))) {
            Input asked = live.on(trigger);
            if (trigger instanceof Trigger.Create || !Engine.CURRENT.inSync(Engine.CURRENT.inject(asked, index))) {
                continue;
            }
            Injection upgraded = NEXT.inject(asked, index);
            assertThat(NEXT.inSync(upgraded))
                    .as("in sync after the upgrade, %s", trigger)
                    .isTrue();
            if (!upgraded.template().equals(stored)) {
                seen.merge("in sync though rendered differently", 1, Integer::sum);
            }
        }
    }

    /** A client applies the unchanged manifest, with or without what was added. */
    private static void unchangedByItsOwner(Input input, ObjectNode stored, ObjectNode user, PolicyIndex index) {
        Input update = input.on(new Trigger.Update(stored));
        for (ObjectNode applied : List.of(user, stored)) {
            assertThat(Json.text(
                            NEXT.inject(update.withTemplate(applied), index).template()))
                    .as("applied unchanged")
                    .isEqualTo(Json.text(stored));
        }
    }

    /** What the template gave a pod stays as the old build rendered it. What it leaves to pods is new in new pods. */
    private void podsOfTheTemplate(Input input, ObjectNode stored, PolicyIndex index) {
        Receipt receipt = Engine.receiptOf(stored).orElse(Receipt.EMPTY);
        if (!receipt.leavesToPods()) {
            return;
        }
        Input ofPod = Input.ofPod(input.ref(), input.namespace(), stored, input.server(), new Trigger.ManagedPod());
        ObjectNode pod = NEXT.inject(ofPod, index).template();
        seen.merge("left to pods", 1, Integer::sum);
        receipt.entries().forEach((key, entry) -> {
            if (!entry.toPods()) {
                for (Place place : Place.WHOLE) {
                    assertThat(ofEntry(pod, place, entry))
                            .as("%s of policy %s", place, key)
                            .isEqualTo(ofEntry(stored, place, entry));
                }
            }
        });
        assertThat(Json.text(NEXT.inject(ofPod.withTemplate(pod), index).template()))
                .as("the pod is evaluated again")
                .isEqualTo(Json.text(pod));
    }

    private static List<ObjectNode> ofEntry(ObjectNode template, Place place, Receipt.Entry entry) {
        return Json.objects(template.path("spec"), place.key())
                .filter(item -> entry.names(place).containsKey(Json.nameOf(item)))
                .toList();
    }

    /** The owner's own change brings the new rendering, independent of the old build. */
    private void changedByItsOwner(Input input, ObjectNode user, ObjectNode stored, PolicyIndex index) {
        ObjectNode changed = user.deepCopy();
        new PodTemplate(changed).containers().forEach(container -> container.put("image", "example/app:3"));
        if (changed.equals(user)) {
            return;
        }
        Input update = input.on(new Trigger.Update(stored)).withTemplate(changed);
        brings("brought by a change of the workload", update, update.on(new Trigger.Offline()), index);
    }

    /** A changed policy brings the new rendering of all that it adds. */
    private void changedPolicies(Input input, ObjectNode user, ObjectNode stored, List<ObjectNode> policies) {
        policies.forEach(policy -> Json.objects(policy.path("spec"), "sidecars")
                .forEach(sidecar -> sidecar.put("image", "example/newer:2")));
        PolicyIndex index =
                PolicyIndex.of(policies.stream().map(PolicyCompiler::compile).toList());
        Input reconcile = input.on(Trigger.Resync.FREELY).withTemplate(stored);
        brings(
                "brought by a change of the policy",
                reconcile,
                reconcile.withTemplate(user).on(new Trigger.Offline()),
                index);
    }

    private void brings(String what, Input input, Input fresh, PolicyIndex index) {
        Injection later = NEXT.inject(input, index);
        Injection fromNothing = NEXT.inject(fresh, index);
        if (!isFree(later) || !isFree(fromNothing) || !Engine.hasReceipt(later.template())) {
            return;
        }
        assertThat(later.template()).as(what).isEqualTo(fromNothing.template());
        Engine.receiptOf(later.template())
                .orElseThrow()
                .entries()
                .values()
                .forEach(entry -> assertThat(entry.engine())
                        .as("renderer version in the receipt, %s", what)
                        .isIn(20, 21));
        seen.merge(what, 1, Integer::sum);
    }

    /** Whether every policy gives its newest revision or no revision. */
    private static boolean isFree(Injection injection) {
        return injection.outcomes().stream()
                .allMatch(outcome -> outcome.pending().isEmpty()
                        && !(outcome.decision() instanceof Decision.Refuse)
                        && outcome.notes().stream().noneMatch(note -> note.reason() == Reason.Carried));
    }
}

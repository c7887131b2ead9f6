package io.sidecaroperator.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.RandomRuns;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What must hold when a client changes a workload that is stored with its sidecars, and when its pods are created. */
class UserChangesTest {
    private static final int WORLDS = 8_000;
    private static final int LEAST = RandomRuns.atLeast(50);

    private final Map<Reason, Integer> seen = new EnumMap<>(Reason.class);
    private int carrying;
    private int pods;

    @Test
    void lawsHoldOverRandomWorlds() {
        RandomRuns.forEachSeed(WORLDS, this::world);
        for (Reason reason : List.of(
                Reason.NotProven, Reason.RevisionUnknown, Reason.Paused, Reason.Audited, Reason.RevisionFailed)) {
            assertThat(seen.getOrDefault(reason, 0))
                    .as("%s of %s", reason, seen)
                    .isGreaterThan(LEAST);
        }
        assertThat(carrying * 100 / RandomRuns.of(WORLDS))
                .as("percent of workloads that have parts of a policy")
                .isGreaterThan(40);
        assertThat(pods).as("pods whose template leaves parts to them").isGreaterThan(LEAST);
    }

    private void world(long seed) {
        RandomWorld world = new RandomWorld(seed, RandomWorld.Shape.WILD);
        ObjectNode user = world.template();
        Input input = world.input(user).on(Trigger.Resync.FREELY);
        List<CompiledPolicy> policies =
                world.policies().stream().map(PolicyCompiler::compile).toList();
        ObjectNode stored =
                Engine.CURRENT.inject(input, PolicyIndex.of(policies)).template();
        carrying += Engine.hasReceipt(stored) ? 1 : 0;
        PolicyIndex later = world.chance(50)
                ? PolicyIndex.of(policies)
                : PolicyIndex.of(
                        world.policies().stream().map(PolicyCompiler::compile).toList());

        changesThatAreNone(input.on(new Trigger.Update(stored)), stored, user, later);
        oneChange(input.on(new Trigger.Update(stored)), stored, user, later);
        pod(input, stored, user, PolicyIndex.of(policies));
    }

    /**
     * Applying the same manifest again, with or without what was added to it, starts no rollout, whatever the policies
     * say now.
     */
    private static void changesThatAreNone(Input update, ObjectNode stored, ObjectNode user, PolicyIndex later) {
        assertThat(Json.text(
                        Engine.CURRENT.inject(update.withTemplate(user), later).template()))
                .as("replaced by the user's own template")
                .isEqualTo(Json.text(stored));
        assertThat(Json.text(Engine.CURRENT
                        .inject(update.withTemplate(stored), later)
                        .template()))
                .as("stored again as it is")
                .isEqualTo(Json.text(stored));
        withoutReceipt(stored, user)
                .ifPresent(lost -> assertThat(Engine.CURRENT
                                .inject(update.withTemplate(lost), later)
                                .template())
                        .as("the receipt is lost")
                        .isEqualTo(stored));
    }

    /** What is stored after an apply that drops the template's annotations, as an API server would store it. */
    private static Optional<ObjectNode> withoutReceipt(ObjectNode stored, ObjectNode user) {
        ObjectNode lost = stored.deepCopy();
        ObjectNode metadata = Json.objectAt(lost, "metadata");
        JsonNode own = user.path("metadata").path("annotations");
        if (metadata == null
                || !user.path("metadata").isObject()
                || user.path("metadata").isEmpty()) {
            return Optional.empty();
        }
        if (own.isMissingNode()) {
            metadata.remove("annotations");
            return Optional.of(lost);
        }
        if (own.isObject() && !own.isEmpty()) {
            metadata.withObject("annotations").remove(Receipt.ANNOTATION);
            return Optional.of(lost);
        }
        return Optional.empty();
    }

    /** A change of the user's part has the same effect, with or without the parts that were added before. */
    private void oneChange(Input update, ObjectNode stored, ObjectNode user, PolicyIndex later) {
        ObjectNode replaced = user.deepCopy();
        ObjectNode applied = stored.deepCopy();
        if (!edit(replaced, user) || !edit(applied, user)) {
            return;
        }
        Injection byReplace = Engine.CURRENT.inject(update.withTemplate(replaced), later);
        Injection byApply = Engine.CURRENT.inject(update.withTemplate(applied), later);
        assertThat(byApply.template()).as("apply and replace").isEqualTo(byReplace.template());
        assertThat(Json.text(Engine.strip(byReplace.template()).template()))
                .as("strip gives the changed template back")
                .isEqualTo(Json.text(replaced));
        byReplace.outcomes().forEach(outcome -> {
            outcome.pending().ifPresent(pending -> count(pending.reason()));
            outcome.notes().forEach(note -> count(note.reason()));
        });
    }

    private static boolean edit(ObjectNode template, ObjectNode user) {
        List<String> names =
                Json.objects(user.path("spec"), "containers").map(Json::nameOf).toList();
        if (names.isEmpty()) {
            return false;
        }
        Json.named(template.path("spec"), "containers", names.get(0))
                .ifPresent(container -> container.put("image", "example/app:3"));
        return Json.named(template.path("spec"), "containers", names.get(0)).isPresent();
    }

    /** A pod of the template keeps what it got from there, and gets what the template left to it. */
    private void pod(Input input, ObjectNode stored, ObjectNode user, PolicyIndex index) {
        Receipt receipt = Engine.receiptOf(stored).orElse(Receipt.EMPTY);
        if (!receipt.leavesToPods()) {
            return;
        }
        pods++;
        Input ofPod = Input.ofPod(input.ref(), input.namespace(), stored, input.server(), new Trigger.ManagedPod());
        ObjectNode pod = Engine.CURRENT.inject(ofPod, index).template();
        assertThat(Json.text(Engine.strip(pod).template()))
                .as("strip of the pod")
                .isEqualTo(Json.text(user));
        assertThat(Json.text(
                        Engine.CURRENT.inject(ofPod.withTemplate(pod), index).template()))
                .as("the pod is evaluated again")
                .isEqualTo(Json.text(pod));
        receipt.entries().forEach((key, entry) -> {
            for (Place place : Place.WHOLE) {
                Set<String> names = entry.names(place).keySet();
                assertThat(Json.objects(pod.path("spec"), place.key())
                                .filter(item -> names.contains(Json.nameOf(item))))
                        .as("%s of policy %s", place, key)
                        .containsExactlyElementsOf(Json.objects(stored.path("spec"), place.key())
                                .filter(item -> names.contains(Json.nameOf(item)))
                                .toList());
            }
        });
    }

    private void count(Reason reason) {
        seen.merge(reason, 1, Integer::sum);
    }
}

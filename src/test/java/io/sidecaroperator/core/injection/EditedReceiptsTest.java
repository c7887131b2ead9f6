package io.sidecaroperator.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.RandomRuns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A client edits a receipt, in each of its fields. The engine never fails, no container of the user is removed or
 * moved, the result is a pod that Kubernetes could run, and the operator reaches a stable state.
 */
class EditedReceiptsTest {
    private static final int WORLDS = 1_500;
    private static final List<JsonNode> VALUES = List.of(
            Json.parse("null"),
            Json.parse("7"),
            Json.parse("-1"),
            Json.parse("\"\""),
            Json.parse("\"other\""),
            Json.parse("{}"),
            Json.parse("[]"),
            Json.parse("[\"regcred\"]"),
            Json.parse("true"));

    private final Map<String, Integer> fields = new TreeMap<>();
    private int unreadable;
    private int readable;

    @Test
    void noEditDoesHarm() {
        RandomRuns.forEachSeed(WORLDS, this::world);
        System.out.println("Edited receipts: " + readable + " readable, " + unreadable + " unreadable");
        assertThat(fields)
                .containsKeys("revision", "engine", "containers", "initContainers", "volumes", "apps", "mounts", "env");
        assertThat(readable).isGreaterThan(RandomRuns.atLeast(1_000));
        assertThat(unreadable).isGreaterThan(RandomRuns.atLeast(1_000));
    }

    private void world(long seed) {
        RandomWorld world = new RandomWorld(seed, RandomWorld.Shape.VALID);
        ObjectNode user = world.template();
        Input input = world.input(user);
        PolicyIndex index = PolicyIndex.of(
                world.policies().stream().map(PolicyCompiler::compile).toList());
        ObjectNode stored =
                Engine.CURRENT.inject(input.on(Trigger.Resync.FREELY), index).template();
        if (!Engine.hasReceipt(stored)) {
            return;
        }
        JsonNode receipt = Json.parse(
                stored.at("/metadata/annotations").path(Receipt.ANNOTATION).textValue());
        for (ObjectNode edited : edits(receipt, world)) {
            ObjectNode found = stored.deepCopy();
            found.withObject("/metadata/annotations").put(Receipt.ANNOTATION, Json.text(edited));
            try {
                edited(input, found, stored, user, index);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(Json.text(edited) + ": " + e.getMessage(), e);
            }
        }
    }

    private void edited(Input input, ObjectNode found, ObjectNode stored, ObjectNode user, PolicyIndex index) {
        if (Engine.receiptOf(found).isPresent()) {
            readable++;
        } else {
            unreadable++;
        }
        assertRuns(Engine.strip(found).template(), user, "stripped");
        for (Input asked : List.of(
                input.on(Trigger.Resync.FREELY).withTemplate(found),
                input.on(new Trigger.Offline()).withTemplate(found),
                input.on(new Trigger.Create()).withTemplate(found),
                input.on(new Trigger.Update(stored)).withTemplate(found),
                input.on(new Trigger.Update(found)).withTemplate(user))) {
            ObjectNode result = Engine.CURRENT.inject(asked, index).template();
            assertRuns(result, user, asked.trigger().toString());
            Input next = input.on(Trigger.Resync.FREELY).withTemplate(result);
            ObjectNode rest = Engine.CURRENT.inject(next, index).template();
            assertThat(Engine.CURRENT.inSync(Engine.CURRENT.inject(next.withTemplate(rest), index)))
                    .as("becomes stable, %s", asked.trigger())
                    .isTrue();
        }
    }

    /** Checks what an API server would check of names and mounts. */
    private static void assertRuns(ObjectNode template, ObjectNode user, String when) {
        PodTemplate pod = new PodTemplate(template);
        List<String> names = pod.allContainers().map(Json::nameOf).toList();
        assertThat(names).as("%s: containers", when).doesNotHaveDuplicates();
        for (String list : List.of("initContainers", "containers")) {
            List<String> own = new PodTemplate(user).names(list);
            assertThat(pod.names(list).stream().filter(own::contains).toList())
                    .as("%s: the user's %s", when, list)
                    .isEqualTo(own);
        }
        List<String> volumes =
                Json.objects(template.path("spec"), "volumes").map(Json::nameOf).toList();
        assertThat(volumes).as("%s: volumes", when).doesNotHaveDuplicates();
        pod.allContainers().forEach(container -> {
            List<String> paths = Json.objects(container, "volumeMounts")
                    .map(mount -> mount.path("mountPath").asText())
                    .toList();
            assertThat(paths)
                    .as("%s: mounts of %s", when, Json.nameOf(container))
                    .doesNotHaveDuplicates();
            assertThat(volumes)
                    .as("%s: volumes that %s mounts", when, Json.nameOf(container))
                    .containsAll(Json.objects(container, "volumeMounts")
                            .map(Json::nameOf)
                            .toList());
        });
    }

    /** The receipt with one field removed or given another value, for a few fields of it. */
    private List<ObjectNode> edits(JsonNode receipt, RandomWorld world) {
        List<String> paths = new ArrayList<>();
        walk(receipt, "", paths);
        List<ObjectNode> edits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String path = world.pick(paths);
            int last = path.lastIndexOf('/');
            String key = path.substring(last + 1).replace("~1", "/").replace("~0", "~");
            ObjectNode copy = receipt.deepCopy();
            JsonNode parent = copy.at(path.substring(0, last));
            if (parent instanceof ObjectNode fieldsOf) {
                if (world.chance(30)) {
                    fieldsOf.remove(key);
                } else {
                    fieldsOf.set(key, world.pick(VALUES));
                }
            } else if (parent instanceof ArrayNode list) {
                list.removeAll();
            }
            Stream.of(path.split("/", -1)).distinct().forEach(name -> fields.merge(name, 1, Integer::sum));
            edits.add(copy);
        }
        return edits;
    }

    private static void walk(JsonNode node, String path, List<String> into) {
        Set<String> keys = new HashSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        for (String key : keys.stream().sorted().toList()) {
            String child = path + "/" + key.replace("~", "~0").replace("/", "~1");
            into.add(child);
            walk(node.get(key), child, into);
        }
    }
}

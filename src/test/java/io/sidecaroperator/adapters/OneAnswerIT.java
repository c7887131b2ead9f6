package io.sidecaroperator.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.admission.AdmissionHandler;
import io.sidecaroperator.operator.admission.AdmissionMetrics;
import io.sidecaroperator.operator.admission.ClusterView;
import io.sidecaroperator.operator.admission.PodAdmission;
import io.sidecaroperator.operator.admission.ReviewEndpoint;
import io.sidecaroperator.operator.admission.WorkloadAdmission;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.yaml.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random pairs of policies and a workload (100,000 with {@code -Pexhaustive}) through the engine and through the
 * adapters that turn bytes into bytes: the command line with streams of thousands of documents, and both webhooks. The
 * engine gets the policies of one pair alone, an adapter knows those of the whole stream.
 *
 * <p>The adapters run the engine with different triggers, so the engine is asked with the trigger of the adapter. What
 * the reconciler writes is the engine's own result; other tests show on a real cluster that it arrives there.
 */
class OneAnswerIT {
    private static final int STREAMS = RandomRuns.of(100);
    private static final int PAIRS = 1_010;
    private static final int UNINJECTED = 4;
    /** Bare Pods have an admission test of their own, and admission does not handle ReplicationControllers. */
    private static final Set<String> NOT_ADMITTED = Set.of("Pod", "ReplicationController");

    private static final String OPERATOR = "system:serviceaccount:sidecar-operator:sidecar-operator";
    private static final KubernetesVersion OLD = new KubernetesVersion(1, 28);

    private final ExecutorService threads =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    private final Counts counts = new Counts();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void everyDoorGivesTheEnginesAnswer() throws Exception {
        List<Callable<Void>> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            int number = i;
            streams.add(() -> {
                stream(number);
                return null;
            });
        }
        for (Future<Void> stream : threads.invokeAll(streams)) {
            stream.get();
        }
        System.out.println("One answer, pairs by what the engine said at each door: " + counts);
        assertThat(counts.of("command line", "pairs")).isGreaterThanOrEqualTo(RandomRuns.of(100_000));
        for (String door : List.of("command line", "pod created", "workload created", "workload changed")) {
            for (String what : List.of("injected", "refused", "skipped", "held")) {
                assertThat(counts.of(door, what))
                        .as("%s at the adapter %s, of %s", what, door, counts)
                        .isGreaterThan(RandomRuns.atLeast(1_000));
            }
        }
    }

    private void stream(int number) {
        KubernetesVersion server = number % 10 == 9 ? OLD : KubernetesVersion.NEWEST;
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            // One namespace of each stream is the cluster's own.
            pairs.add(Pair.of(RandomRuns.firstSeed() + (long) number * PAIRS + i, i == 7 ? "kube-system" : "n" + i));
        }
        commandLine(pairs, server, number);

        Map<String, Input.InNamespace> namespaces = new HashMap<>();
        pairs.forEach(pair -> namespaces.put(pair.namespace(), pair.inNamespace()));
        PolicyIndex index = PolicyIndex.of(
                pairs.stream().flatMap(pair -> pair.compiled().stream()).toList());
        ClusterView view =
                new ClusterView(() -> index, name -> namespaces.getOrDefault(name, Input.InNamespace.PLAIN), server);
        Door pods = new Door(new PodAdmission(view, WorkloadKinds.BUILT_IN));
        Door workloads = new Door(new WorkloadAdmission(view, WorkloadKinds.BUILT_IN, OPERATOR));
        for (Pair pair : pairs) {
            podCreated(pair, server, pods);
            if (!NOT_ADMITTED.contains(pair.kind().kind())) {
                workload(pair, server, workloads);
            }
        }
    }

    /** A manifest is about to be applied to an unknown cluster: trigger Offline. */
    private void commandLine(List<Pair> pairs, KubernetesVersion server, int number) {
        List<JsonNode> input = new ArrayList<>();
        List<JsonNode> expected = new ArrayList<>();
        for (Pair pair : pairs) {
            Injection injection = pair.answer(pair.input(server, new Trigger.Offline()));
            counts.add("command line", injection);
            List<ObjectNode> documents = pair.documents();
            input.addAll(documents);
            expected.addAll(documents.subList(0, documents.size() - 1));
            expected.add(pair.kind().withTemplate(pair.workload(), injection.template()));
        }
        String text = yaml(input);
        String injected = CommandRun.of(text, "inject", "-q", "--kubernetes-version", server.toString())
                .ok();
        assertSame(injected, yaml(expected), "stream " + number);
        if (number % UNINJECTED == 0) {
            assertSame(
                    CommandRun.of(injected, "uninject", "-q").ok(), text, "stream " + number + " without its sidecars");
        }
    }

    /** The first document that differs says more than two texts of some megabytes. */
    private static void assertSame(String found, String expected, String stream) {
        if (!found.equals(expected)) {
            String[] one = found.split("(?m)^---\n", -1);
            String[] other = expected.split("(?m)^---\n", -1);
            for (int i = 0; i < Math.min(one.length, other.length); i++) {
                assertThat(one[i]).as("%s, document %s", stream, i + 1).isEqualTo(other[i]);
            }
            assertThat(one).as("%s, number of documents", stream).hasSameSizeAs(other);
        }
    }

    private void podCreated(Pair pair, KubernetesVersion server, Door door) {
        Input input = pair.factsOfBarePod(server);
        Injection injection = pair.answer(input);
        counts.add("pod created", injection);
        door.assertStores(review(pair, "", "pods", pair.barePod(), null), injection.template());
    }

    private void workload(Pair pair, KubernetesVersion server, Door door) {
        String group = pair.kind().group();
        String plural = pair.kind().kind().toLowerCase(Locale.ROOT) + "s";
        Injection created = pair.answer(pair.input(server, new Trigger.Create()));
        counts.add("workload created", created);
        door.assertStores(
                review(pair, group, plural, pair.workload(), null),
                pair.kind().withTemplate(pair.workload(), created.template()));
        if (pair.kind().kind().equals("Job")) {
            // Its template never changes.
            return;
        }
        ObjectNode stored =
                pair.answer(pair.input(server, Trigger.Resync.FREELY)).template();
        ObjectNode manifest = pair.workload().deepCopy();
        ObjectNode asStored = pair.kind().withTemplate(manifest, stored);
        for (ObjectNode wanted : List.of(manifest, asStored, changed(pair, manifest), changed(pair, asStored))) {
            Input input = pair.input(server, new Trigger.Update(stored))
                    .withTemplate(pair.kind().templateOf(wanted).orElseThrow());
            Injection injection = pair.answer(input);
            counts.add("workload changed", injection);
            door.assertStores(
                    review(pair, group, plural, wanted, asStored),
                    pair.kind().withTemplate(wanted, injection.template()));
        }
    }

    /**
     * The manifest that a user applies with another image, and sometimes with the parts that were added to the last
     * one.
     */
    private static ObjectNode changed(Pair pair, ObjectNode workload) {
        ObjectNode changed = workload.deepCopy();
        new PodTemplate(pair.kind().templateOf(changed).orElseThrow())
                .containers()
                .filter(container -> "example/app:2".equals(Json.textAt(container, "image")))
                .forEach(container -> container.put("image", "example/app:3"));
        return changed;
    }

    private static ObjectNode review(
            Pair pair, String group, String plural, ObjectNode object, @Nullable ObjectNode oldObject) {
        ObjectNode review =
                Json.object().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request")
                .put("uid", "1")
                .put("operation", oldObject == null ? "CREATE" : "UPDATE")
                .put("namespace", pair.namespace());
        request.putObject("userInfo").put("username", "alice");
        request.putObject("resource").put("group", group).put("version", "v1").put("resource", plural);
        request.set("object", object);
        if (oldObject != null) {
            request.set("oldObject", oldObject);
        }
        return review;
    }

    private static String yaml(List<JsonNode> documents) {
        StringBuilder text = new StringBuilder();
        documents.forEach(document -> text.append(text.isEmpty() ? "" : "---\n").append(YamlWriter.write(document)));
        return text.toString();
    }

    /** A webhook, bytes in and bytes out. */
    private record Door(ReviewEndpoint endpoint) {
        Door(AdmissionHandler handler) {
            this(new ReviewEndpoint(handler, new AdmissionMetrics(new SimpleMeterRegistry())));
        }

        /** A patch does not keep the order of keys, so trees are compared; the API server orders keys itself. */
        void assertStores(ObjectNode review, ObjectNode expected) {
            byte[] body = Json.text(review).getBytes(StandardCharsets.UTF_8);
            String reply = new String(endpoint.answer(body).body(), StandardCharsets.UTF_8);
            JsonNode object = review.at("/request/object");
            JsonNode response = Json.parse(reply).path("response");
            JsonNode stored = Optional.ofNullable(Json.textAt(response, "patch"))
                    .map(patch -> new String(Base64.getDecoder().decode(patch), StandardCharsets.UTF_8))
                    .map(patch -> Patch.apply((ArrayNode) Json.parse(patch), object))
                    .orElse(object);
            assertThat(stored)
                    .as("%s of %s", review.at("/request/operation"), Json.text(object))
                    .isEqualTo(expected);
        }
    }
}

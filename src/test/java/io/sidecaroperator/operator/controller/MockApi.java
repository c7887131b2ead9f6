package io.sidecaroperator.operator.controller;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.workload.DeploymentResource;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.watch.OperatorScope;
import io.sidecaroperator.operator.watch.SidecarPolicyResource;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/**
 * An API server that fails on demand: a test can cause what a real one does once a year. A patched Deployment is rolled
 * out at once: its status changes together with the patch, so a rollout costs no separate event.
 */
public final class MockApi implements AutoCloseable {
    private static final String ROLLED_OUT = """
            {"op": "add", "path": "/status", "value": {"observedGeneration": 1000000, "replicas": 1, "updatedReplicas": 1,
              "availableReplicas": 1, "conditions": [
                {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable",
                 "lastUpdateTime": "2026-01-01T00:00:00Z"}]}}""";

    private static final Duration LATE = Duration.ofMillis(500);

    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Faulty dispatcher = new Faulty();
    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(new com.fasterxml.jackson.databind.ObjectMapper()),
            new MockWebServer(),
            new HashMap<>(),
            dispatcher,
            false);
    private final KubernetesClient client;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private volatile Function<String, Optional<MockResponse>> cause = request -> Optional.empty();
    private volatile Predicate<String> late = request -> false;
    private volatile boolean allNew;
    private final Queue<UnaryOperator<String>> beforePatch = new ConcurrentLinkedQueue<>();
    private final Queue<UnaryOperator<String>> afterPatch = new ConcurrentLinkedQueue<>();

    public MockApi() {
        server.init();
        client = client();
    }

    /** Answers requests with this function where it has an answer. Its argument is {@code METHOD /path}. */
    public void cause(Function<String, Optional<MockResponse>> newFault) {
        this.cause = newFault;
    }

    /** Carries out these requests, but answers late: watches deliver the change first. */
    void answerLate(Predicate<String> requests) {
        this.late = requests;
    }

    /** Another client changes the next Deployment that is patched, just before the patch. */
    void beforeNextPatch(UnaryOperator<String> change) {
        beforePatch.add(change);
    }

    /** Another client changes the next Deployment that is patched, before the response to the patch. */
    void afterNextPatch(UnaryOperator<String> change) {
        afterPatch.add(change);
    }

    public static Optional<MockResponse> status(int code) {
        return Optional.of(new MockResponse()
                .setResponseCode(code)
                .setBody(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"no, says the test\","
                                + "\"code\":" + code + "}"));
    }

    /** Returns a manager for this server, not started. */
    Manager manager() {
        return manager(Engine.CURRENT);
    }

    /** The same with another engine. */
    Manager manager(Engine engine) {
        OperatorScope scope =
                new OperatorScope(Set.of(), "sidecar-operator", WorkloadKinds.BUILT_IN, KubernetesVersion.NEWEST);
        return new Manager(client, scope, engine, Clock.systemUTC(), metrics);
    }

    void label(String namespace, String key, String value) {
        client.namespaces()
                .withName(namespace)
                .edit(now -> new NamespaceBuilder(now)
                        .editMetadata()
                        .addToLabels(key, value)
                        .endMetadata()
                        .build());
    }

    void namespace(String name) {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Creates an object as it is, valid or not. */
    void create(String namespace, String yaml) {
        JsonNode object = read(yaml);
        client.raw(path(namespace, object), "POST", Json.text(object));
    }

    /** Creates objects with new names. Otherwise the server searches all its objects for each name. */
    void createNew(String namespace, List<String> yamls) {
        allNew = true;
        yamls.forEach(yaml -> create(namespace, yaml));
        allNew = false;
    }

    /** Changes an object as another client would. */
    void replace(String namespace, String yaml) {
        JsonNode object = read(yaml);
        client.raw(path(namespace, object) + "/" + object.at("/metadata/name").asText(), "PUT", Json.text(object));
    }

    /** Changes the text of a Deployment as it is now, as another client would. */
    void replaceLatest(String namespace, String name, UnaryOperator<String> change) {
        replaceLatest(DeploymentResource.class, namespace, name, change);
    }

    /** The same for a policy. */
    void replaceLatestPolicy(String namespace, String name, UnaryOperator<String> change) {
        replaceLatest(SidecarPolicyResource.class, namespace, name, change);
    }

    /** The operator may write between the read and the write. After a conflict this reads again, as any client does. */
    private <T extends HasMetadata> void replaceLatest(
            Class<T> type, String namespace, String name, UnaryOperator<String> change) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    T now = client.resources(type)
                            .inNamespace(namespace)
                            .withName(name)
                            .get();
                    T changed = client.getKubernetesSerialization().unmarshal(change.apply(Json.text(tree(now))), type);
                    try {
                        client.resource(changed).inNamespace(namespace).update();
                        return true;
                    } catch (KubernetesClientException e) {
                        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                            throw e;
                        }
                        return false;
                    }
                });
    }

    void deletePolicy(String namespace, String name) {
        client.resources(SidecarPolicyResource.class)
                .inNamespace(namespace)
                .withName(name)
                .delete();
    }

    /** Removes the finalizers of a policy that waits for them, as a person in a hurry would. */
    void removeFinalizers(String namespace, String policy) {
        SidecarPolicyResource now = client.resources(SidecarPolicyResource.class)
                .inNamespace(namespace)
                .withName(policy)
                .get();
        if (now != null) {
            now.getMetadata().setFinalizers(List.of());
            now.getMetadata().setResourceVersion(null);
            try {
                client.resource(now).update();
            } catch (KubernetesClientException e) {
                // The operator was faster.
                Assertions.assertThat(e.getCode()).isEqualTo(404);
            }
        }
    }

    JsonNode deployment(String namespace, String name) {
        DeploymentResource found = client.resources(DeploymentResource.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        return found == null ? Json.object() : tree(found);
    }

    JsonNode policy(String namespace, String name) {
        SidecarPolicyResource found = client.resources(SidecarPolicyResource.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        return found == null ? Json.object() : tree(found);
    }

    /** Returns the names of the stored revisions. */
    List<String> revisions(String namespace) {
        return client.resources(ControllerRevision.class).inNamespace(namespace).list().getItems().stream()
                .map(revision -> revision.getMetadata().getName())
                .toList();
    }

    void deleteRevision(String namespace, String name) {
        client.resources(ControllerRevision.class)
                .inNamespace(namespace)
                .withName(name)
                .delete();
    }

    public KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url("/"))
                .withRequestRetryBackoffLimit(0)
                .withTrustCerts(true)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Returns the requests so far that start with this text, as {@code METHOD /path?query}. */
    List<String> requests(String start) {
        return requests.stream().filter(request -> request.startsWith(start)).toList();
    }

    /** Returns how often a controller has reconciled a resource. */
    double reconciliations(String controller) {
        return metrics.find("reconciliations.started.total").counters().stream()
                .filter(counter -> controller.equals(counter.getId().getTag("controller.name")))
                .mapToDouble(Counter::count)
                .sum();
    }

    @Override
    public void close() {
        client.close();
        try {
            server.destroy();
        } catch (IllegalStateException e) {
            // The mock gives itself ten seconds to close its connections, which a busy machine may exceed. It ends with
            // the
            // JVM then, and no test asks how the mock ends.
            System.err.println("the mock server does not end in time: " + e);
        }
    }

    private static JsonNode tree(HasMetadata resource) {
        return Json.MAPPER.valueToTree(resource);
    }

    private static JsonNode read(String yaml) {
        return new DocumentReader("test", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .next()
                .content();
    }

    private static String path(String namespace, JsonNode object) {
        String plural = object.path("kind").asText().equals("Deployment") ? "deployments" : "sidecarpolicies";
        return "/apis/" + object.path("apiVersion").asText() + "/namespaces/" + namespace + "/" + plural;
    }

    private final class Faulty extends KubernetesCrudDispatcher {
        @Override
        public Map.@Nullable Entry<AttributeSet, String> findResource(AttributeSet key) {
            return allNew ? null : super.findResource(key);
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            String line = request.getMethod() + " " + request.getPath();
            requests.add(line);
            MockResponse response = cause.apply(line).orElseGet(() -> super.dispatch(request));
            return late.test(line) ? response.setBodyDelay(LATE) : response;
        }

        @Override
        public MockResponse handlePatch(RecordedRequest request) {
            boolean deployment = request.getPath().contains("/deployments/");
            UnaryOperator<String> before = deployment ? beforePatch.poll() : null;
            if (before != null) {
                changeByOthers(request, handleGet(request.getPath().replaceAll("\\?.*", "")), before);
            }
            MockResponse response = super.handlePatch(deployment ? rolledOut(request) : request);
            UnaryOperator<String> after = deployment ? afterPatch.poll() : null;
            if (after != null) {
                changeByOthers(request, response, after);
            }
            // Watches deliver the change before the response to the patch.
            return before == null && after == null ? response : response.setBodyDelay(LATE);
        }

        private RecordedRequest rolledOut(RecordedRequest patch) {
            ArrayNode operations = (ArrayNode) Json.parse(patch.getBody().readString(StandardCharsets.UTF_8));
            operations.add(Json.parse(ROLLED_OUT));
            return new RecordedRequest(
                    "HTTP/1.1",
                    HttpMethod.PATCH,
                    patch.getPath(),
                    patch.getHeaders(),
                    new Buffer(Json.text(operations).getBytes(StandardCharsets.UTF_8)));
        }

        private void changeByOthers(RecordedRequest request, MockResponse shown, UnaryOperator<String> change) {
            String text = change.apply(new String(shown.getBody().getBytes(), StandardCharsets.UTF_8));
            handleUpdate(new RecordedRequest(
                    "HTTP/1.1",
                    HttpMethod.PUT,
                    request.getPath().replaceAll("\\?.*", ""),
                    request.getHeaders(),
                    new Buffer(text.getBytes(StandardCharsets.UTF_8))));
        }
    }
}

package io.sidecaroperator.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.admission.WebhookRegistration.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the registration sends, and how it handles an API server that fails. */
@EnableKubernetesMockClient(https = false)
class WebhookRegistrationTest {
    private static final String ALL = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    private static final String ONE = ALL + "/hook";

    @SuppressWarnings("NullAway.Init")
    KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final List<Duration> pauses = new ArrayList<>();
    private final List<RecordedRequest> requests = new ArrayList<>();

    @BeforeEach
    void connect() {
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(server.createClient().getConfiguration())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void createsWhatIsMissing() throws Exception {
        server.expect().get().withPath(ONE).andReturn(404, "").once();
        server.expect()
                .post()
                .withPath(ALL)
                .andReturn(201, stored("1", webhooks("a")))
                .once();

        assertThat(register(webhooks("a"))).isEqualTo(Result.CREATED);

        assertThat(methods(2)).containsExactly("GET " + ONE, "POST " + ALL);
        JsonNode sent = Json.parse(requests.get(requests.size() - 1).getUtf8Body());
        assertThat(sent.path("webhooks")).isEqualTo(webhooks("a"));
        assertThat(sent.at("/metadata/name").textValue()).isEqualTo("hook");
    }

    @Test
    void writesNothingWhereNothingDiffers() throws Exception {
        server.expect()
                .get()
                .withPath(ONE)
                .andReturn(200, stored("7", webhooks("a")))
                .once();

        assertThat(register(webhooks("a"))).isEqualTo(Result.UNCHANGED);

        assertThat(methods(1)).containsExactly("GET " + ONE);
    }

    @Test
    void repairsByOneWriteThatNamesTheVersionItSawAndKeepsTheRestOfTheObject() throws Exception {
        server.expect()
                .get()
                .withPath(ONE)
                .andReturn(200, stored("7", webhooks("old")))
                .once();
        server.expect()
                .put()
                .withPath(ONE)
                .andReturn(200, stored("8", webhooks("new")))
                .once();

        assertThat(register(webhooks("new"))).isEqualTo(Result.UPDATED);

        assertThat(methods(2)).containsExactly("GET " + ONE, "PUT " + ONE);
        JsonNode sent = Json.parse(requests.get(requests.size() - 1).getUtf8Body());
        assertThat(sent).isEqualTo(Json.parse(stored("7", webhooks("new"))));
    }

    @Test
    void readsAgainWhenAnotherWriterWasFaster() throws Exception {
        server.expect()
                .get()
                .withPath(ONE)
                .andReturn(200, stored("7", webhooks("old")))
                .once();
        server.expect().put().withPath(ONE).andReturn(409, "").once();
        server.expect()
                .get()
                .withPath(ONE)
                .andReturn(200, stored("8", webhooks("other")))
                .once();
        server.expect()
                .put()
                .withPath(ONE)
                .andReturn(200, stored("9", webhooks("new")))
                .once();

        assertThat(register(webhooks("new"))).isEqualTo(Result.UPDATED);

        assertThat(methods(4)).containsExactly("GET " + ONE, "PUT " + ONE, "GET " + ONE, "PUT " + ONE);
        assertThat(Json.parse(requests.get(requests.size() - 1).getUtf8Body())
                        .at("/metadata/resourceVersion")
                        .textValue())
                .isEqualTo("8");
        assertThat(pauses).hasSize(1);
    }

    @Test
    void takesOverWhatAnotherReplicaCreatedMeanwhile() throws Exception {
        server.expect().get().withPath(ONE).andReturn(404, "").once();
        server.expect().post().withPath(ALL).andReturn(409, "").once();
        server.expect()
                .get()
                .withPath(ONE)
                .andReturn(200, stored("1", webhooks("a")))
                .once();

        assertThat(register(webhooks("a"))).isEqualTo(Result.UNCHANGED);
    }

    @Test
    void waitsLongerAndLongerForAServerThatCannotAnswerButNeverForever() throws Exception {
        server.expect().get().withPath(ONE).andReturn(500, "").times(5);
        server.expect().get().withPath(ONE).andReturn(429, "").times(5);
        server.expect()
                .get()
                .withPath(ONE)
                .andReturn(200, stored("1", webhooks("a")))
                .once();

        assertThat(register(webhooks("a"))).isEqualTo(Result.UNCHANGED);

        assertThat(pauses).hasSize(10).isSorted();
        assertThat(pauses.get(0)).isLessThan(Duration.ofSeconds(1));
        assertThat(pauses.get(9)).isEqualTo(pauses.get(8)).isLessThanOrEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void waitsForAServerThatIsNotThere() throws Exception {
        server.shutdown();

        WebhookRegistration registration = new WebhookRegistration(client, "hook", pause -> {
            throw new InterruptedException("told to stop");
        });

        assertThatThrownBy(() -> registration.register(webhooks("a"))).isInstanceOf(InterruptedException.class);
    }

    @Test
    void givesUpWhereTryingAgainCannotHelp() throws Exception {
        server.expect()
                .get()
                .withPath(ONE)
                .andReturn(403, "{\"kind\":\"Status\",\"message\":\"not yours\"}")
                .once();

        assertThatThrownBy(() -> register(webhooks("a")))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("not yours");

        assertThat(pauses).isEmpty();
    }

    private Result register(ArrayNode webhooks) throws InterruptedException {
        return new WebhookRegistration(client, "hook", pauses::add).register(webhooks);
    }

    private List<String> methods(int expected) throws InterruptedException {
        assertThat(server.getRequestCount()).isEqualTo(expected);
        while (requests.size() < expected) {
            requests.add(server.takeRequest(10, TimeUnit.SECONDS));
        }
        return requests.stream()
                .map(request -> request.method() + " " + request.getPath())
                .toList();
    }

    private static ArrayNode webhooks(String caBundle) {
        WebhookConfiguration configuration = new WebhookConfiguration(
                new WebhookAddress.Url("127.0.0.1", 9443), caBundle, new WebhookConfiguration.Reach("ops", Set.of()));
        return Json.array()
                .add(configuration.pods())
                .add(configuration.workloads(WorkloadKinds.BUILT_IN, "system:serviceaccount:ops:hook"));
    }

    /** The object as an API server returns it, with fields that are not the operator's. */
    private static String stored(String resourceVersion, ArrayNode webhooks) {
        ObjectNode object = (ObjectNode) Json.parse("{\"apiVersion\":\"admissionregistration.k8s.io/v1\","
                + "\"kind\":\"MutatingWebhookConfiguration\",\"metadata\":{\"name\":\"hook\",\"generation\":3,"
                + "\"labels\":{\"team\":\"platform\"},\"resourceVersion\":\"" + resourceVersion + "\"},\"future\":[]}");
        object.set("webhooks", webhooks);
        return Json.text(object);
    }
}

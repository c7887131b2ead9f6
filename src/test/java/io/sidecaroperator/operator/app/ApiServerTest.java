package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.sidecaroperator.core.model.KubernetesVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which problems the operator waits for, and which ones a person has to solve. */
@EnableKubernetesMockClient(https = false)
class ApiServerTest {
    private static final String ALL = "/apis/sidecar-operator.io/v1alpha1/sidecarpolicies?limit=1";
    private static final String SHOP = "/apis/sidecar-operator.io/v1alpha1/namespaces/shop/sidecarpolicies?limit=1";
    private static final String CLUSTER = "/apis/sidecar-operator.io/v1alpha1/clustersidecarpolicies?limit=1";
    private static final String SELF_REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final String LIST = "{\"apiVersion\":\"sidecar-operator.io/v1alpha1\","
            + "\"kind\":\"SidecarPolicyList\",\"metadata\":{},\"items\":[]}";

    @SuppressWarnings("NullAway.Init")
    KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final List<Duration> pauses = new ArrayList<>();

    @BeforeEach
    void connect() {
        // The server has a default version.
        server.clearExpectations();
        client = client(server.createClient().getConfiguration());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void waitsForAServerThatCannotAnswerYet() throws Exception {
        server.expect().get().withPath("/version").andReturn(503, "").times(3);
        server.expect()
                .get()
                .withPath("/version")
                .andReturn(200, "{\"gitVersion\":\"v1.35.4\"}")
                .once();

        assertThat(api().version()).isEqualTo(new KubernetesVersion(1, 35));

        assertThat(pauses).hasSize(3).isSorted();
    }

    @Test
    void aServerThatIsTooOldIsNamedWithItsVersion() {
        server.expect()
                .get()
                .withPath("/version")
                .andReturn(200, "{\"gitVersion\":\"v1.28.15\"}")
                .once();

        assertThatThrownBy(() -> api().version())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("is Kubernetes 1.28; this operator needs 1.29 or newer");
        assertThat(pauses).isEmpty();
    }

    @Test
    void waitsForAServerThatIsNotThere() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (KubernetesClient nobody = client(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port)
                .build())) {
            ApiServer api = new ApiServer(nobody, pause -> {
                pauses.add(pause);
                if (pauses.size() == 2) {
                    throw new InterruptedException("told to stop");
                }
            });

            assertThatThrownBy(api::version).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void credentialsThatAreRefusedAreNotWaitedFor() {
        server.expect()
                .get()
                .withPath("/version")
                .andReturn(401, "{\"kind\":\"Status\",\"message\":\"who?\"}")
                .once();

        assertThatThrownBy(() -> api().version())
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("the API server refuses")
                .hasMessageContaining("who?");
        assertThat(pauses).isEmpty();
    }

    @Test
    void asksWhoItIs() throws Exception {
        server.expect().post().withPath(SELF_REVIEWS).andReturn(503, "").once();
        server.expect()
                .post()
                .withPath(SELF_REVIEWS)
                .andReturn(201, "{\"status\":{\"userInfo\":{\"username\":\"system:serviceaccount:ops:sidecars\"}}}")
                .once();

        assertThat(api().ownUser()).contains("system:serviceaccount:ops:sidecars");

        assertThat(pauses).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"404, '{}'", "403, '{}'", "201, '{}'", "201, '<html>'"})
    void anApiServerThatDoesNotSayWhoItIsKeepsNobodyWaiting(int code, String answer) throws Exception {
        server.expect().post().withPath(SELF_REVIEWS).andReturn(code, answer).once();

        assertThat(api().ownUser()).isEmpty();

        assertThat(pauses).isEmpty();
    }

    @Test
    void waitsForTheCustomResourceDefinitions() throws Exception {
        server.expect().get().withPath(ALL).andReturn(404, "").times(2);
        server.expect().get().withPath(ALL).andReturn(200, LIST).once();
        server.expect().get().withPath(CLUSTER).andReturn(404, "").once();
        server.expect().get().withPath(CLUSTER).andReturn(200, LIST).once();

        api().knowsPolicies(Set.of(), KubernetesVersion.NEWEST);

        assertThat(pauses).hasSize(3);
    }

    @Test
    void asksOnlyInTheNamespacesThatItServes() throws Exception {
        server.expect().get().withPath(SHOP).andReturn(200, LIST).once();
        server.expect().get().withPath(CLUSTER).andReturn(200, LIST).once();

        api().knowsPolicies(Set.of("shop"), KubernetesVersion.NEWEST);

        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aMissingPermissionIsNotWaitedFor() throws IOException {
        server.expect()
                .get()
                .withPath(ALL)
                .andReturn(403, "{\"kind\":\"Status\",\"message\":\"no list for you\"}")
                .once();

        assertThatThrownBy(() -> api().knowsPolicies(Set.of(), KubernetesVersion.NEWEST))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("SidecarPolicy")
                .hasMessageContaining("no list for you");
    }

    private ApiServer api() {
        return new ApiServer(client, pauses::add);
    }

    private static KubernetesClient client(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(config)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }
}

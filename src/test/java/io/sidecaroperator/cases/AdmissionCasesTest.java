package io.sidecaroperator.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.admission.AdmissionMetrics;
import io.sidecaroperator.admission.CertificateAuthority;
import io.sidecaroperator.admission.PodAdmission;
import io.sidecaroperator.admission.ReviewEndpoint;
import io.sidecaroperator.admission.ServingCertificate;
import io.sidecaroperator.admission.WebhookServer;
import io.sidecaroperator.cases.CaseFacts.Moment;
import io.sidecaroperator.engine.Engine;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.Patch;
import io.sidecaroperator.workload.WorkloadKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The golden cases through pod admission over HTTPS: each template as a Pod that its workload controls. */
class AdmissionCasesTest {
    private static final int LEAST_PERCENT = 85;
    private static final String OPERATOR_NAMESPACE = "sidecar-operator";

    private static ServingCertificate certificate;
    private static WebhookServer server;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        certificate = new CertificateAuthority(Instant.now())
                .issue(new ServingCertificate.Names(List.of(), List.of(InetAddress.getLoopbackAddress())));
        server = WebhookServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                certificate.context(),
                WebhookServer.Limits.ofThisMachine());
        client = HttpClient.newBuilder().sslContext(trusting(certificate)).build();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        return expressible().stream().map(folder -> dynamicTest(folder.name(), () -> admits(folder)));
    }

    @Test
    void nearlyEveryCaseCanBeAPod() {
        assertThat(expressible().size() * 100)
                .isGreaterThanOrEqualTo(CaseFolder.all().size() * LEAST_PERCENT);
    }

    /** A new pod carries nothing, has metadata, and has volumes in the place of claim templates. */
    private static List<CaseFolder> expressible() {
        return CaseFolder.all().stream()
                .filter(folder -> folder.given().isFor(Moment.Manifest)
                        || folder.given().isFor(Moment.Create)
                        || folder.given().isFor(Moment.PodOfTemplate))
                .filter(folder -> folder.kind().equals(WorkloadKind.POD) || !leavesToPods(folder))
                .filter(folder -> folder.given().limitRanges().isEmpty())
                .filter(folder -> Json.objectAt(folder.template(), "metadata") != null)
                .filter(folder -> folder.facts().claimNames().isEmpty())
                .toList();
    }

    /** What a template leaves to its pods is not what a pod gets. */
    private static boolean leavesToPods(CaseFolder folder) {
        return folder.policies().stream()
                .anyMatch(policy -> policy.at("/spec/injection").asText().equals("Pod"));
    }

    private static void admits(CaseFolder folder) throws Exception {
        server.route(PodAdmission.PATH, new ReviewEndpoint(admission(folder), metrics()));
        ObjectNode pod = pod(folder, folder.template());
        boolean leftAlone = Engine.hasReceipt(pod);
        ObjectNode expected = leftAlone ? pod : pod(folder, folder.templateOf(folder.manifest(CaseFolder.OUT)));

        JsonNode response;
        try {
            response = post(review(folder, pod)).path("response");
        } finally {
            server.removeRoute(PodAdmission.PATH);
        }

        assertThat(response.path("allowed").booleanValue()).isTrue();
        assertThat(response.has("patch"))
                .as("a patch exactly when something is to be changed")
                .isEqualTo(!expected.equals(pod));
        assertThat(patched(pod, response)).isEqualTo(expected);
    }

    private static PodAdmission admission(CaseFolder folder) {
        String operator =
                folder.given().protectedNamespace() ? folder.facts().ref().namespace() : OPERATOR_NAMESPACE;
        return new PodAdmission(
                new PodAdmission.Settings(Set.of(), operator, folder.server()),
                folder::book,
                namespace -> Optional.of(
                        namespace.equals(folder.facts().ref().namespace())
                                ? folder.given().namespaceLabels()
                                : Map.of()));
    }

    private static AdmissionMetrics metrics() {
        return new AdmissionMetrics(new SimpleMeterRegistry());
    }

    /** The template as a pod that its workload controls, so that kind and name are the workload's. */
    private static ObjectNode pod(CaseFolder folder, ObjectNode template) {
        if (folder.kind().kind().equals("Pod")) {
            return template;
        }
        WorkloadRef ref = folder.facts().ref();
        ObjectNode pod = template.deepCopy();
        pod.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", folder.workload().path("apiVersion").asText())
                .put("kind", ref.kind())
                .put("name", ref.name())
                .put("controller", true);
        return pod;
    }

    private static ObjectNode review(CaseFolder folder, ObjectNode pod) {
        ObjectNode review =
                Json.object().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request");
        request.put("uid", folder.name());
        request.put("operation", "CREATE");
        request.put("namespace", folder.facts().ref().namespace());
        request.putObject("resource").put("group", "").put("version", "v1").put("resource", "pods");
        request.set("object", pod);
        return review;
    }

    private static JsonNode patched(ObjectNode pod, JsonNode response) {
        if (!response.has("patch")) {
            return pod;
        }
        byte[] patch = Base64.getDecoder().decode(response.path("patch").asText());
        return Patch.apply((ArrayNode) Json.parse(new String(patch, StandardCharsets.UTF_8)), pod);
    }

    private static JsonNode post(ObjectNode review) throws Exception {
        URI uri = URI.create("https://127.0.0.1:" + server.port() + PodAdmission.PATH);
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Json.text(review)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.parse(response.body());
    }

    private static SSLContext trusting(ServingCertificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", certificate.authority());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}

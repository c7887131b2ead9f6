package io.sidecaroperator.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.cases.CaseInput.Moment;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.admission.AdmissionHandler;
import io.sidecaroperator.operator.admission.AdmissionMetrics;
import io.sidecaroperator.operator.admission.ClusterView;
import io.sidecaroperator.operator.admission.PodAdmission;
import io.sidecaroperator.operator.admission.ReviewEndpoint;
import io.sidecaroperator.operator.admission.WebhookServer;
import io.sidecaroperator.operator.admission.WorkloadAdmission;
import io.sidecaroperator.operator.admission.tls.CertificateAuthority;
import io.sidecaroperator.operator.admission.tls.ServingCertificate;
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
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The golden cases through admission over HTTPS: as workloads, and each template as a Pod that its workload controls.
 */
class AdmissionCasesTest {
    private static final int LEAST_PERCENT = 70;
    private static final int LEAST_WORKLOADS_PERCENT = 65;

    /** Kinds whose pods are copies of a template that the operator manages. */
    private static final Set<String> COPIED_BY = Set.of("ReplicaSet", "StatefulSet", "DaemonSet");

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
    Stream<DynamicTest> asPods() {
        return pods().stream().map(folder -> dynamicTest(folder.name(), () -> admitsPod(folder)));
    }

    @TestFactory
    Stream<DynamicTest> asWorkloads() {
        return workloads().stream().map(folder -> dynamicTest(folder.name(), () -> admitsWorkload(folder)));
    }

    @Test
    void nearlyEveryCaseGoesThroughBothDoors() {
        int all = CaseFolder.all().size();
        assertThat(pods().size() * 100).isGreaterThanOrEqualTo(all * LEAST_PERCENT);
        assertThat(workloads().size() * 100).isGreaterThanOrEqualTo(all * LEAST_WORKLOADS_PERCENT);
    }

    /**
     * A new pod has no parts yet, has metadata, has volumes in the place of claim templates, and is not a copy of a
     * template.
     */
    private static List<CaseFolder> pods() {
        return CaseFolder.all().stream()
                .filter(folder -> isFor(folder, Moment.Offline, Moment.Create, Moment.ManagedPod))
                .filter(folder -> folder.kind().equals(WorkloadKind.POD) || !leavesToPods(folder))
                .filter(folder -> Json.objectAt(folder.template(), "metadata") != null)
                .filter(folder -> folder.input().claimNames().isEmpty())
                .filter(folder -> !COPIED_BY.contains(folder.kind().kind()))
                .toList();
    }

    /** A new workload has no parts yet. */
    private static List<CaseFolder> workloads() {
        return CaseFolder.all().stream()
                .filter(folder -> isFor(folder, Moment.Create, Moment.Update)
                        || (isFor(folder, Moment.Offline) && !Engine.hasReceipt(folder.template())))
                .filter(folder -> !folder.kind().group().isEmpty())
                .toList();
    }

    private static boolean isFor(CaseFolder folder, Moment... moments) {
        return Stream.of(moments).anyMatch(folder.given()::isFor);
    }

    /** What a template leaves to its pods is not what a pod gets. */
    private static boolean leavesToPods(CaseFolder folder) {
        return folder.policies().stream()
                .anyMatch(policy -> policy.at("/spec/injection").asText().equals("Pod"));
    }

    private static void admitsPod(CaseFolder folder) throws Exception {
        ObjectNode pod = pod(folder, folder.template());
        boolean leftAlone = Engine.hasReceipt(pod)
                && Engine.receiptOf(pod).filter(Receipt::leavesToPods).isEmpty();
        ObjectNode expected = leftAlone ? pod : pod(folder, folder.templateOf(folder.manifest(CaseFolder.OUT)));

        ObjectNode review = review(folder, "", "pods", pod);
        assertThat(admitted(PodAdmission.PATH, new PodAdmission(view(folder), WorkloadKinds.BUILT_IN), review))
                .isEqualTo(expected);
    }

    private static void admitsWorkload(CaseFolder folder) throws Exception {
        ObjectNode review = review(folder, folder.kind().group(), "workloads", folder.workload());
        if (folder.given().isFor(Moment.Update)) {
            review.withObject("/request")
                    .put("operation", "UPDATE")
                    .set("oldObject", folder.manifest(CaseFolder.BEFORE));
        }
        JsonNode stored = admitted(
                WorkloadAdmission.PATH,
                new WorkloadAdmission(view(folder), WorkloadKinds.BUILT_IN, "operator"),
                review);
        assertThat(folder.templateOf((ObjectNode) stored))
                .isEqualTo(folder.templateOf(folder.manifest(CaseFolder.OUT)));
    }

    /** The object as it is stored after the admission response. */
    private static JsonNode admitted(String path, AdmissionHandler handler, ObjectNode review) throws Exception {
        JsonNode object = review.at("/request/object");
        server.route(path, new ReviewEndpoint(handler, metrics()));
        JsonNode response;
        try {
            response = post(path, review).path("response");
        } finally {
            server.removeRoute(path);
        }
        JsonNode stored = patched(object, response);
        assertThat(response.path("allowed").booleanValue()).isTrue();
        assertThat(response.has("patch"))
                .as("a patch exactly when the object changes")
                .isEqualTo(!stored.equals(object));
        return stored;
    }

    private static ClusterView view(CaseFolder folder) {
        String own = folder.input().ref().namespace();
        return new ClusterView(
                folder::index,
                namespace -> namespace.equals(own) ? folder.input().namespace() : Input.InNamespace.PLAIN,
                folder.server());
    }

    private static AdmissionMetrics metrics() {
        return new AdmissionMetrics(new SimpleMeterRegistry());
    }

    /** The template as a pod that its workload controls, so that kind and name are the workload's. */
    private static ObjectNode pod(CaseFolder folder, ObjectNode template) {
        if (folder.kind().kind().equals("Pod")) {
            return template;
        }
        WorkloadRef ref = folder.input().ref();
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

    private static ObjectNode review(CaseFolder folder, String group, String plural, ObjectNode object) {
        ObjectNode review =
                Json.object().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request");
        request.put("uid", folder.name());
        request.put("operation", "CREATE");
        request.put("namespace", folder.input().ref().namespace());
        request.putObject("resource").put("group", group).put("version", "v1").put("resource", plural);
        request.set("object", object);
        return review;
    }

    private static JsonNode patched(JsonNode object, JsonNode response) {
        if (!response.has("patch")) {
            return object;
        }
        byte[] patch = Base64.getDecoder().decode(response.path("patch").asText());
        return Patch.apply((ArrayNode) Json.parse(new String(patch, StandardCharsets.UTF_8)), object);
    }

    private static JsonNode post(String path, ObjectNode review) throws Exception {
        URI uri = URI.create("https://127.0.0.1:" + server.port() + path);
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

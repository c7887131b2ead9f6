package io.sidecaroperator.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.operator.admission.WebhookServer.Limits;
import io.sidecaroperator.operator.admission.tls.CertificateAuthority;
import io.sidecaroperator.operator.admission.tls.ServingCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The server as callers see it: over real TLS on loopback. The build lets a request take ten minutes in tests
 * (maxReqTime), so that a request is not served only because an idle connection was closed.
 */
class WebhookServerTest {
    private static final Limits LIMITS = new Limits(200, 64 * 1024, 256 * 1024, 2, Duration.ofSeconds(20));
    private static final String REVIEW = "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\","
            + "\"request\":{\"uid\":\"u-1\",\"object\":{}}}";

    private final ServingCertificate certificate =
            new CertificateAuthority(Instant.now()).issue(new WebhookAddress.Url("127.0.0.1", 0).names());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private volatile AdmissionHandler handler = request -> AdmissionResponse.allowed("Fine");
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void answersAReview() throws Exception {
        WebhookServer server = start(LIMITS);

        HttpResponse<String> response = post(server, REVIEW);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(Json.parse(response.body()).at("/response"))
                .isEqualTo(Json.parse("{\"uid\":\"u-1\",\"allowed\":true}"));
        assertThat(count("allowed", "Fine")).isEqualTo(1);
    }

    @Test
    void idleConnectionsDoNotKeepOthersFromAnAnswer() throws Exception {
        WebhookServer server = start(LIMITS);
        for (int i = 0; i < 100; i++) {
            SSLSocket idle = connect(server);
            idle.startHandshake();
        }

        for (int i = 0; i < 20; i++) {
            assertThat(post(server, REVIEW).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndTheOthersServed() throws Exception {
        WebhookServer server = start(new Limits(3, 64 * 1024, 256 * 1024, 2, Duration.ofSeconds(20)));
        SSLSocket first = connect(server);
        SSLSocket second = connect(server);
        first.startHandshake();
        second.startHandshake();
        HttpClient client = client();
        assertThat(post(client, server, REVIEW).statusCode()).isEqualTo(200);
        SSLSocket third = connect(server);
        third.startHandshake();

        SSLSocket fourth = connect(server);
        assertThatThrownBy(fourth::startHandshake).isInstanceOf(IOException.class);

        first.close();
        await().untilAsserted(() ->
                assertThat(post(client, server, REVIEW).statusCode()).isEqualTo(200));
    }

    @Test
    void aBodyThatIsTooLongIsTurnedAway() throws Exception {
        WebhookServer server = start(LIMITS);
        String longest = REVIEW + " ".repeat(LIMITS.bodyBytes() - REVIEW.length());

        assertThat(post(server, longest).statusCode()).isEqualTo(200);
        assertThat(post(server, longest + " ").statusCode()).isEqualTo(413);
        byte[] unannounced = (longest + " ").getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = client().send(
                        request(server)
                                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(unannounced)))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("longer than 65536 bytes");
        assertThat(count("rejected", "TooLarge")).isEqualTo(2);
    }

    @Test
    void garbageGetsAMessageAndTheServerGoesOn() throws Exception {
        WebhookServer server = start(LIMITS);

        HttpResponse<String> garbage = post(server, "\0\1 not json");
        assertThat(garbage.statusCode()).isEqualTo(400);
        assertThat(garbage.body()).startsWith("the body is not JSON");
        SSLSocket raw = connect(server);
        raw.getOutputStream().write("\r\n\r\nBREW /mutate/pods COFFEE\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        raw.getOutputStream().flush();
        try (InputStream in = raw.getInputStream()) {
            in.readAllBytes();
        }

        assertThat(post(server, REVIEW).statusCode()).isEqualTo(200);
        assertThat(count("malformed", "MalformedReview")).isEqualTo(1);
    }

    @Test
    void tellsAPersonWithABrowserWhatIsServed() throws Exception {
        WebhookServer server = start(LIMITS);

        assertThat(send(request(server).GET())).isEqualTo(405);
        assertThat(send(request(server)
                        .setHeader("Content-Type", "application/yaml")
                        .POST(BodyPublishers.ofString(REVIEW))))
                .isEqualTo(415);
        assertThat(send(HttpRequest.newBuilder(url(server, "/mutate/pods/more")).POST(BodyPublishers.ofString(REVIEW))))
                .isEqualTo(404);
        assertThat(send(HttpRequest.newBuilder(url(server, "/"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(REVIEW))))
                .isEqualTo(404);
    }

    @Test
    void aFailingHandlerLetsTheObjectInAndIsCounted() throws Exception {
        WebhookServer server = start(LIMITS);
        for (Supplier<Throwable> failure : List.<Supplier<Throwable>>of(
                () -> new IllegalStateException("planted"), () -> new StackOverflowError("planted"))) {
            handler = request -> {
                throw sneaky(failure.get());
            };

            HttpResponse<String> response = post(server, REVIEW);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(Json.parse(response.body()).at("/response/allowed").booleanValue())
                    .isTrue();
            assertThat(Json.parse(response.body()).at("/response/warnings/0").textValue())
                    .contains("no sidecar was added")
                    .contains("u-1");
        }
        assertThat(count("errored", "InternalError")).isEqualTo(2);
    }

    @Test
    void whenAnswersTakeTooLongOthersAreTurnedAwayInTime() throws Exception {
        WebhookServer server = start(new Limits(200, 64 * 1024, 256 * 1024, 1, Duration.ofMillis(50)));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        handler = blocking(entered, release);
        CompletableFuture<HttpResponse<String>> slow = postAsync(server);
        entered.await();

        HttpResponse<String> second = post(server, REVIEW);

        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(count("rejected", "Busy")).isEqualTo(1);
        release.countDown();
        assertThat(slow.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void stoppingFinishesWhatIsHereAndTakesNothingNew() throws Exception {
        WebhookServer server = start(LIMITS);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        handler = blocking(entered, release);
        CompletableFuture<HttpResponse<String>> slow = postAsync(server);
        entered.await();

        CompletableFuture<@Nullable Void> stopped =
                CompletableFuture.runAsync(() -> server.stop(Duration.ofSeconds(20)));
        await().untilAsserted(() -> assertThatThrownBy(() -> connect(server)).isInstanceOf(IOException.class));
        assertThat(slow).isNotDone();
        release.countDown();

        HttpResponse<String> response = slow.get(20, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Connection")).contains("close");
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void speaksNoOldTls() throws Exception {
        WebhookServer server = start(LIMITS);
        SSLSocket old = connect(server);
        old.setEnabledProtocols(new String[] {"TLSv1.1"});

        assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
    }

    private WebhookServer start(Limits limits) throws IOException {
        WebhookServer server = WebhookServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), certificate.context(), limits);
        server.route(
                PodAdmission.PATH,
                new ReviewEndpoint(request -> handler.handle(request), new AdmissionMetrics(meters)));
        open.add(server);
        return server;
    }

    private SSLSocket connect(WebhookServer server) throws IOException {
        SSLSocket socket = (SSLSocket)
                certificate.trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
        open.add(socket);
        // If the server starves, the test must fail, not hang.
        socket.setSoTimeout(30_000);
        return socket;
    }

    private HttpClient client() {
        return HttpClient.newBuilder().sslContext(certificate.trusting()).build();
    }

    private HttpResponse<String> post(WebhookServer server, String body) throws Exception {
        return post(client(), server, body);
    }

    private static HttpResponse<String> post(HttpClient client, WebhookServer server, String body) throws Exception {
        return client.send(request(server).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> postAsync(WebhookServer server) {
        return client().sendAsync(
                        request(server).POST(BodyPublishers.ofString(REVIEW)).build(), BodyHandlers.ofString());
    }

    private int send(HttpRequest.Builder request) throws Exception {
        return client().send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private static HttpRequest.Builder request(WebhookServer server) {
        return HttpRequest.newBuilder(url(server, PodAdmission.PATH))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30));
    }

    private static URI url(WebhookServer server, String path) {
        return URI.create("https://127.0.0.1:" + server.port() + path);
    }

    private static AdmissionHandler blocking(CountDownLatch entered, CountDownLatch release) {
        AtomicInteger calls = new AtomicInteger();
        return request -> {
            if (calls.incrementAndGet() == 1) {
                entered.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return AdmissionResponse.allowed("Fine");
        };
    }

    private static RuntimeException sneaky(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    private double count(String outcome, String reason) {
        return meters.get("sidecar.operator.admission.requests")
                .tag("outcome", outcome)
                .tag("reason", reason)
                .counter()
                .count();
    }
}

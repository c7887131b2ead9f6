package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.operator.app.Readiness.Component;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final Readiness readiness = new Readiness();
    private final OperatorMetrics metrics = new OperatorMetrics();
    private volatile Optional<String> sick = Optional.empty();

    @SuppressWarnings("NullAway.Init")
    private HealthServer server;

    @BeforeEach
    void start() throws IOException {
        server = HealthServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new HealthServer.Sources(
                        () -> sick.map(List::of).orElse(List.of()), readiness::missing, metrics::text));
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void readyzSaysWhatIsMissingUntilNothingIs() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body().lines()).hasSize(6).contains("the caches are not filled yet");

        for (Component part : List.of(
                Component.API_SERVER, Component.POLICIES, Component.CACHES, Component.CERTIFICATE, Component.HANDLER)) {
            readiness.has(part);
        }
        assertThat(get("/readyz").body()).isEqualTo("the webhook is not registered yet\n");

        readiness.has(Component.REGISTRATION);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").body()).isEqualTo("ok\n");

        readiness.watch(Component.SERVING, () -> Optional.of("the process is ending"));
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void livezIsWellUntilARestartWouldHelp() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);

        sick = Optional.of("the certificate ends soon");
        assertThat(get("/livez").statusCode()).isEqualTo(503);
        assertThat(get("/livez").body()).isEqualTo("the certificate ends soon\n");
    }

    @Test
    void metricsAreInPrometheusFormatAndTellAboutTheJvm() throws Exception {
        metrics.registry().counter("sidecar.operator.test", "reason", "x").increment();

        HttpResponse<String> response = get("/metrics");

        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(response.body())
                .contains("sidecar_operator_test_total{reason=\"x\"} 1.0")
                .contains("jvm_memory_used_bytes")
                .contains("jvm_threads_live_threads")
                .contains("process_uptime_seconds");
    }

    @Test
    void headHasNoBodyAndOtherPathsAreNotFound() throws Exception {
        HttpResponse<String> head = send(HttpRequest.newBuilder(uri("/livez"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void aCertificateIsTroubleAWeekBeforeItsEnd() {
        Instant end = Instant.parse("2027-01-31T00:00:00Z");
        assertThat(watchAt(end.minus(Duration.ofDays(8)), end).problem()).isEmpty();
        assertThat(watchAt(end.minus(Duration.ofDays(6)), end).problem().orElse(""))
                .contains("2027-01-31")
                .contains("restart");
    }

    private static CertificateWatch watchAt(Instant now, Instant end) {
        CertificateWatch watch = new CertificateWatch(Clock.fixed(now, ZoneOffset.UTC));
        assertThat(watch.problem()).isEmpty();
        watch.watch(end);
        return watch;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}

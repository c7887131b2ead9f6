package io.sidecaroperator.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.operator.admission.WebhookServer.Limits;
import io.sidecaroperator.operator.admission.tls.CertificateAuthority;
import io.sidecaroperator.operator.admission.tls.ServingCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpTest {
    private static final ServingCertificate CERTIFICATE = certificate();

    @ParameterizedTest
    @CsvSource({"1.36", "1.28"})
    void aServerThatAnswersItselfIsWarmAndServesTheWarmUpNoMore(String kubernetes) throws Exception {
        try (WebhookServer server = start(CERTIFICATE)) {
            WarmUp warmUp = new WarmUp(KubernetesVersion.parse(kubernetes).orElseThrow());

            warmUp.drive(server, CERTIFICATE, 20);

            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + server.address().getPort() + "/warm-up"))
                    .POST(BodyPublishers.ofString("{}"))
                    .build();
            HttpClient client =
                    HttpClient.newBuilder().sslContext(CERTIFICATE.trusting()).build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aServerThatShowsAnotherCertificateIsNotWarm() throws Exception {
        try (WebhookServer server = start(certificate())) {
            WarmUp warmUp = new WarmUp(KubernetesVersion.NEWEST);

            assertThatThrownBy(() -> warmUp.drive(server, CERTIFICATE, 1)).isInstanceOf(IOException.class);
        }
    }

    private static WebhookServer start(ServingCertificate certificate) throws IOException {
        return WebhookServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                certificate.context(),
                Limits.ofThisMachine());
    }

    private static ServingCertificate certificate() {
        return new CertificateAuthority(Instant.now()).issue(new WebhookAddress.Url("127.0.0.1", 0).names());
    }
}

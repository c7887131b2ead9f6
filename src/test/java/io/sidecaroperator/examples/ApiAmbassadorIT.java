package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sidecaroperator.support.RealProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiAmbassadorIT {
    @TempDir
    Path directory;

    private final TestAuthority authority = TestAuthority.create("parcels");
    private final int port = Running.freePort();
    private final int health = Running.freePort();
    private final int upstream = Running.freePort();

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(directory.resolve("secret"));
        token("first");
        Files.writeString(directory.resolve("ca.crt"), authority.certificatePem());
    }

    @Test
    @DisplayName(
            "a plain call reaches the HTTPS service under its name with the token, also after the token has changed")
    void speaksForTheApp() throws IOException {
        HttpsServer service = service(authority);
        try (Running ambassador = ambassador()) {
            assertThat(parcels().body()).isEqualTo("/v1/parcels localhost:" + upstream + " [Bearer first] null");
            token("second");
            assertThat(parcels().body()).contains("[Bearer second]");
            assertThat(ambassador.terminate()).isZero();
        } finally {
            service.stop(0);
        }
    }

    @Test
    @DisplayName("a service that begins to listen while the call waits is reached")
    void triesAgain() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (Running ambassador = ambassador()) {
            CompletableFuture<Running.Answer> call = CompletableFuture.supplyAsync(this::parcels);
            HttpsServer service = service(authority);
            try {
                assertThat(call.get(1, TimeUnit.MINUTES).status())
                        .as(ambassador.output())
                        .isEqualTo(200);
            } finally {
                service.stop(0);
            }
        }
    }

    @Test
    @DisplayName("a service with an untrusted certificate gets neither the call nor the token")
    void impostor() throws IOException {
        HttpsServer service = service(TestAuthority.create("impostor"));
        try (Running ambassador = ambassador()) {
            assertThat(parcels().status()).as(ambassador.output()).isEqualTo(502);
        } finally {
            service.stop(0);
        }
    }

    private Running.Answer parcels() {
        return Running.get("http://127.0.0.1:" + port + "/v1/parcels");
    }

    private void token(String token) throws IOException {
        Files.writeString(directory.resolve("secret/token"), token);
    }

    private Running ambassador() {
        Example example = Example.named("api-ambassador");
        Path caddyfile = directory.resolve("Caddyfile");
        LocalConfiguration local = new LocalConfiguration()
                .with("/etc/api-ambassador/config/Caddyfile", caddyfile)
                .with("/etc/api-ambassador/secret", directory.resolve("secret"))
                .with("127.0.0.1:9000", "127.0.0.1:" + port)
                .with("http://:9001 {", "http://:" + health + " {\n\tbind 127.0.0.1");
        local.write(caddyfile, example.configuration("config.yaml", "Caddyfile"));
        List<String> args = local.here(Example.strings(example.sidecar(), "args"));
        local.assertAllUsed();
        assertThat(args.get(0)).isEqualTo("caddy");
        Running ambassador = Running.start(
                RealProgram.CADDY,
                args.subList(1, args.size()),
                Map.of(
                        "HOME", directory.resolve("home").toString(),
                        "SSL_CERT_FILE", directory.resolve("ca.crt").toString(),
                        "UPSTREAM", "https://localhost:" + upstream));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(Running.get("http://127.0.0.1:" + health + "/healthz")
                                .status())
                        .as(ambassador.output())
                        .isEqualTo(200));
        return ambassador;
    }

    private HttpsServer service(TestAuthority issuer) throws IOException {
        HttpsServer service =
                HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), upstream), 0);
        service.setHttpsConfigurator(new HttpsConfigurator(issuer.trust(issuer.issue("localhost"))));
        service.createContext("/", exchange -> {
            byte[] seen = (exchange.getRequestURI() + " "
                            + exchange.getRequestHeaders().getFirst("Host") + " "
                            + exchange.getRequestHeaders().get("Authorization") + " "
                            + exchange.getRequestHeaders().get("X-Forwarded-For"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, seen.length);
            exchange.getResponseBody().write(seen);
            exchange.close();
        });
        service.start();
        return service;
    }
}

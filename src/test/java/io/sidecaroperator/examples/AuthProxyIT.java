package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.sidecaroperator.support.RealProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthProxyIT {
    @TempDir
    Path directory;

    private final TestAuthority authority = TestAuthority.create("company");
    private final int port = Running.freePort();
    private final int health = Running.freePort();
    private HttpServer app;
    private Running proxy;

    @BeforeEach
    void start() throws IOException {
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/", exchange -> {
            byte[] caller = exchange.getRequestHeaders()
                    .getOrDefault("X-Client-Subject", List.of())
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, caller.length);
            exchange.getResponseBody().write(caller);
            exchange.close();
        });
        app.start();
        TestAuthority.Identity server = authority.issue("localhost");
        Files.writeString(directory.resolve("tls.crt"), server.certificatePem());
        Files.writeString(directory.resolve("tls.key"), server.keyPem());
        Files.writeString(directory.resolve("ca.crt"), authority.certificatePem());
        Example example = Example.named("auth-proxy");
        Path caddyfile = directory.resolve("Caddyfile");
        LocalConfiguration local = new LocalConfiguration()
                .with("/etc/auth-proxy/config/Caddyfile", caddyfile)
                .with("/etc/auth-proxy/tls", directory)
                .with("https://:8443 {", "https://:" + port + " {\n\tbind 127.0.0.1")
                .with("http://:8444 {", "http://:" + health + " {\n\tbind 127.0.0.1")
                .with("127.0.0.1:8081", "127.0.0.1:" + app.getAddress().getPort());
        local.write(caddyfile, example.configuration("config.yaml", "Caddyfile"));
        List<String> args = local.here(Example.strings(example.sidecar(), "args"));
        local.assertAllUsed();
        assertThat(args.get(0)).isEqualTo("caddy");
        proxy = Running.start(
                RealProgram.CADDY,
                args.subList(1, args.size()),
                Map.of("HOME", directory.resolve("home").toString()));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(Running.get("http://127.0.0.1:" + health + "/healthz")
                                .status())
                        .as(proxy.output())
                        .isEqualTo(200));
    }

    @AfterEach
    void stop() {
        proxy.close();
        app.stop(0);
    }

    @Test
    @DisplayName(
            "a caller with a certificate gets in, and the app gets its true identity, even if the caller claims another")
    void known() throws Exception {
        SSLContext alice = authority.trust(authority.issue("alice"));

        assertThat(call(alice).body()).isEqualTo("[CN=alice]");
        assertThat(call(alice, "X-Client-Subject", "CN=root").body()).isEqualTo("[CN=alice]");
    }

    @Test
    @DisplayName("a caller without a certificate, or with one of another authority, does not get in")
    void unknown() {
        TestAuthority other = TestAuthority.create("other");

        assertThatThrownBy(() -> call(authority.trust())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> call(authority.trust(other.issue("alice")))).isInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("the port for probes does not show the app, and SIGTERM ends the proxy with success")
    void probes() {
        assertThat(Running.get("http://127.0.0.1:" + health + "/").status()).isEqualTo(404);
        assertThat(proxy.terminate()).isZero();
    }

    private HttpResponse<String> call(SSLContext identity, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpClient client = HttpClient.newBuilder().sslContext(identity).build();
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

package io.sidecaroperator.operator.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sidecaroperator.operator.admission.HttpTuning;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Plain HTTP for the kubelet and for Prometheus: {@code /livez}, {@code /readyz}, {@code /metrics}. */
final class HealthServer implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    /**
     * Supplies the contents of the endpoints.
     *
     * @param sick why the process should restart; empty when it is healthy
     * @param missing what the process still needs; empty when it is ready
     * @param metrics all metrics in Prometheus' text format
     */
    record Sources(Supplier<List<String>> sick, Supplier<List<String>> missing, Supplier<String> metrics) {}

    private HealthServer(HttpServer server, Sources sources) {
        this.server = server;
        this.threads = new ThreadPoolExecutor(1, CONNECTIONS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext(
                "/livez", exchange -> check(exchange, sources.sick().get()));
        server.createContext(
                "/readyz", exchange -> check(exchange, sources.missing().get()));
        server.createContext(
                "/metrics",
                exchange -> send(exchange, 200, METRICS, sources.metrics().get()));
    }

    /** Binds and serves. Port 0 takes a free one. */
    static HealthServer start(InetSocketAddress address, Sources sources) throws IOException {
        HttpTuning.apply();
        HealthServer started = new HealthServer(HttpServer.create(address, CONNECTIONS), sources);
        started.server.start();
        return started;
    }

    /** Returns the port that was bound. */
    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void check(HttpExchange exchange, List<String> problems) throws IOException {
        if (problems.isEmpty()) {
            send(exchange, 200, TEXT, "ok\n");
        } else {
            send(exchange, 503, TEXT, String.join("\n", problems) + "\n");
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.sendResponseHeaders(status, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}

package io.sidecaroperator.cli.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An API server that gives the responses of a test, and 404 to all other requests. */
final class ScriptedServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private record Answer(int code, String body) {}

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        put("/version", "{\"gitVersion\": \"v1.36.3\"}");
    }

    /** Sets the response for a path with its query, without the limit. */
    ScriptedServer put(String path, String body) {
        answers.put(path, new Answer(200, body));
        return this;
    }

    /** Sets a list of these objects. */
    ScriptedServer list(String path, String... items) {
        return put(path, "{\"metadata\": {}, \"items\": [" + String.join(",", items) + "]}");
    }

    ScriptedServer forbid(String path) {
        return answer(path, 403, "{\"kind\": \"Status\", \"code\": 403, \"message\": \"no\"}");
    }

    ScriptedServer answer(String path, int code, String body) {
        answers.put(path, new Answer(code, body));
        return this;
    }

    void forget(String path) {
        answers.remove(path);
    }

    /** Returns method, path and query of each request so far. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: here, user: me, namespace: shop}}]
                clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: me, user: {token: none}}]
                """.formatted(server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String uri = exchange.getRequestURI().toString();
        requests.add(exchange.getRequestMethod() + " " + uri);
        Answer answer = answers.getOrDefault(
                uri.replace("?limit=500", ""), new Answer(404, "{\"kind\": \"Status\", \"code\": 404}"));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.code(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}

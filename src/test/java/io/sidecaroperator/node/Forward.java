package io.sidecaroperator.node;

import io.sidecaroperator.support.TestCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kubectl port-forward}: a port of a pod or a Service, on this machine's loopback until it is closed. */
final class Forward implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) -> .*");

    private final Process process;
    private final String port;

    private Forward(Process process, String port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it for a target such as {@code service/web}. Returns when it listens. */
    static Forward to(TestCluster cluster, String namespace, String target, int port) {
        ProcessBuilder builder = new ProcessBuilder(
                        cluster.variable("PATH") + "/kubectl",
                        "port-forward",
                        "--namespace",
                        namespace,
                        "--address",
                        "127.0.0.1",
                        target,
                        ":" + port)
                .redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", cluster.variable("KUBECONFIG"));
        try {
            Process process = builder.start();
            // Not closed: kubectl goes on writing.
            BufferedReader output = process.inputReader();
            String said = String.valueOf(output.readLine());
            Matcher matcher = LISTENS.matcher(said);
            if (!matcher.matches()) {
                process.destroy();
                throw new AssertionError("kubectl port-forward " + target + ": " + said);
            }
            return new Forward(process, matcher.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what it answers to a GET request, whatever its status. */
    String get(String path) {
        try {
            return get(HttpClient.newHttpClient(), "http", path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the same with this client, which may have a certificate to show. */
    String get(HttpClient client, String scheme, String path) throws IOException {
        URI uri = URI.create(scheme + "://localhost:" + port + path);
        try {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}

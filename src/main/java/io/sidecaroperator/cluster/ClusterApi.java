package io.sidecaroperator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.manifest.InputException;
import io.sidecaroperator.tree.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/** A cluster as it is read: the one request from here is GET. */
public final class ClusterApi implements AutoCloseable {
    private static final int PAGE = 500;
    private static final int SECONDS = 1_000;

    private final KubernetesClient client;

    public ClusterApi(Config config) {
        config.setUserAgent("sidecar");
        config.setConnectionTimeout(10 * SECONDS);
        config.setRequestTimeout(60 * SECONDS);
        config.setRequestRetryBackoffLimit(1);
        this.client = new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The API server does not let this user read something. */
    static final class ForbiddenException extends Exception {
        private static final long serialVersionUID = 1;

        ForbiddenException(Throwable cause) {
            super(cause);
        }
    }

    /** For those in this package who write. */
    KubernetesClient client() {
        return client;
    }

    /** The version of the API server. */
    public KubernetesVersion version() {
        try {
            return get("/version")
                    .map(answer -> Json.textAt(answer, "gitVersion"))
                    .flatMap(KubernetesVersion::parse)
                    .orElseThrow(() -> new InputException(
                            "the server at " + client.getMasterUrl() + " tells no version; is it an API server?"));
        } catch (ForbiddenException e) {
            return KubernetesVersion.NEWEST;
        }
    }

    /** What is at the path; empty when nothing is. */
    public Optional<JsonNode> get(String path) throws ForbiddenException {
        try {
            return Optional.ofNullable(client.raw(path)).map(Json::parse);
        } catch (KubernetesClientException e) {
            int code = e.getCode();
            if (code == 404) {
                return Optional.empty();
            } else if (code == 403) {
                throw new ForbiddenException(e);
            }
            throw new InputException(problem(path, e));
        }
    }

    /** Every object of a list, page by page; false when the API server has no such kind. */
    public boolean each(String path, Consumer<ObjectNode> consumer) throws ForbiddenException {
        return each(path, "", consumer);
    }

    /** Every object of a list with this label, or any if that is empty. */
    boolean each(String path, String label, Consumer<ObjectNode> consumer) throws ForbiddenException {
        String selector = label.isEmpty() ? "" : "&labelSelector=" + URLEncoder.encode(label, StandardCharsets.UTF_8);
        String next = "";
        do {
            Optional<JsonNode> page =
                    get(path + (path.indexOf('?') < 0 ? "?" : "&") + "limit=" + PAGE + selector + next);
            if (page.isEmpty()) {
                return false;
            }
            Json.objects(page.get(), "items").forEach(consumer);
            String token = Json.textAt(page.get().path("metadata"), "continue");
            next = token == null || token.isEmpty()
                    ? ""
                    : "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        } while (!next.isEmpty());
        return true;
    }

    @Override
    public void close() {
        client.close();
    }

    private String problem(String path, KubernetesClientException failure) {
        String server = "the API server at " + client.getMasterUrl();
        if (failure.getCode() == 401) {
            return server + " does not know the user of this context (401 Unauthorized): log in again";
        } else if (failure.getCode() == 410) {
            return "reading " + path + " took so long that the server forgot the list; try again";
        }
        String message = String.valueOf(failure.getMessage());
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            message = cause.getMessage() == null ? message : cause.getMessage();
        }
        String reason = message.replaceAll("\\s+", " ").strip();
        return failure.getCode() > 0
                ? server + " refuses GET " + path + ": " + reason
                : server + " does not answer: " + reason;
    }
}

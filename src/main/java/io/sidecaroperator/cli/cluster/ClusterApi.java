package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.json.InvalidJsonException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a cluster. This class sends only GET requests. */
public final class ClusterApi implements AutoCloseable {
    private static final int PAGE = 500;
    private static final int SECONDS = 1_000;

    private final KubernetesClient client;

    public ClusterApi(Config config) {
        config.setUserAgent("sidecar");
        config.setConnectionTimeout(10 * SECONDS);
        config.setRequestTimeout(60 * SECONDS);
        config.setRequestRetryBackoffLimit(1);
        // With HTTP/2, an API server that rejects the credentials closes the connection (GOAWAY), and the client never
        // reads the 401.
        config.setHttp2Disable(true);
        this.client = connect(config);
    }

    private static KubernetesClient connect(Config config) {
        try {
            return new KubernetesClientBuilder().withConfig(config).build();
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw new InputException("a certificate or key for " + config.getMasterUrl() + " cannot be used ("
                    + certificates(config) + "): " + ApiProblem.reason(e));
        }
    }

    /** Returns the names of the kubeconfig fields that contain certificates. */
    private static String certificates(Config config) {
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        fields.put("certificate-authority", config.getCaCertFile());
        fields.put("certificate-authority-data", config.getCaCertData());
        fields.put("client-certificate", config.getClientCertFile());
        fields.put("client-certificate-data", config.getClientCertData());
        fields.put("client-key", config.getClientKeyFile());
        fields.put("client-key-data", config.getClientKeyData());
        return fields.entrySet().stream()
                .filter(field -> field.getValue() != null)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }

    /** The API server does not allow this user to read something. */
    static final class ForbiddenException extends Exception {
        private static final long serialVersionUID = 1;

        ForbiddenException(Throwable cause) {
            super(cause);
        }
    }

    /** Returns the client, for the classes of this package that write. */
    KubernetesClient client() {
        return client;
    }

    /** Returns the version of the API server. */
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

    /** Returns the object at the path; empty when it does not exist. */
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
            throw new InputException(ApiProblem.of("the API server at " + client.getMasterUrl(), path, e));
        } catch (IllegalArgumentException e) {
            throw new InputException("nothing can be called " + path + ": a name in it is none");
        } catch (InvalidJsonException e) {
            throw new InputException("the server at " + client.getMasterUrl() + " answers GET " + path
                    + " with something that is no JSON; is it an API server?");
        }
    }

    /** Passes on every object of a list, page by page. Returns false when the API server does not have the kind. */
    public boolean each(String path, Consumer<ObjectNode> consumer) throws ForbiddenException {
        return each(path, "", consumer);
    }

    /** Passes on every object of a list that has this label, or all if the label is empty. */
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
}

package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.LabelSelector;
import io.sidecaroperator.core.rollout.StuckPods;
import io.sidecaroperator.operator.write.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the pods of a workload that is rolling out, and deletes a pod that blocks a rollback. The operator does not
 * watch the pods of a cluster.
 */
public final class Pods {
    private static final Logger LOG = LoggerFactory.getLogger(Pods.class);
    /** The most pods of one workload that are read: a failing sidecar shows in the first ones. */
    private static final long MOST = 500;

    private static final int FORBIDDEN = 403;

    private final KubernetesClient client;
    private final Writer writer;

    public Pods(KubernetesClient client, Writer writer) {
        this.client = client;
        this.writer = writer;
    }

    /**
     * Deletes exactly this pod.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException as {@link Writer#patch} does
     */
    public Writer.PatchResult<ObjectNode> delete(String namespace, StuckPods.StuckPod pod) {
        return writer.delete("/api/v1/namespaces/" + namespace + "/pods/" + pod.name(), "Pod", pod.uid());
    }

    /**
     * Returns the pods that a workload's selector selects, from the API server's cache. Empty when the API server does
     * not answer. An empty list when the operator may not read pods: then only the deadline decides about a rollout,
     * and the operator does not wait for the permission.
     */
    public Optional<List<JsonNode>> of(ObjectNode workload) {
        try {
            return Optional.of(list(workload));
        } catch (KubernetesClientException e) {
            if (e.getCode() != FORBIDDEN) {
                LOG.info(
                        "The pods of {}/{} cannot be read now: {}",
                        workload.path("metadata").path("namespace").asText(),
                        workload.path("metadata").path("name").asText(),
                        e.getMessage());
                return Optional.empty();
            }
            LOG.warn(
                    "The pods of {}/{} may not be read, so only the deadline decides about its rollout: {}",
                    workload.path("metadata").path("namespace").asText(),
                    workload.path("metadata").path("name").asText(),
                    e.getMessage());
            return Optional.of(List.of());
        }
    }

    private List<JsonNode> list(ObjectNode workload) {
        JsonNode selector = workload.path("spec").path("selector");
        String text = text(LabelSelector.of(selector));
        if (text.isEmpty()) {
            return List.of();
        }
        String answer = client.raw("/api/v1/namespaces/"
                + workload.path("metadata").path("namespace").asText()
                + "/pods?labelSelector=" + URLEncoder.encode(text, StandardCharsets.UTF_8)
                + "&resourceVersion=0&limit=" + MOST);
        // Parsed once: the client's own objects in between would be most of what a large rollout allocates.
        return Json.objects(Json.parse(String.valueOf(answer)), "items")
                .<JsonNode>map(pod -> pod)
                .toList();
    }

    /** Returns a selector as a query parameter of the API server. */
    private static String text(LabelSelector selector) {
        Stream<String> labels =
                selector.matchLabels().entrySet().stream().map(label -> label.getKey() + "=" + label.getValue());
        Stream<String> expressions = selector.matchExpressions().stream().map(item -> switch (item.operator()) {
            case "In" -> item.key() + " in (" + String.join(",", item.values()) + ")";
            case "NotIn" -> item.key() + " notin (" + String.join(",", item.values()) + ")";
            case "Exists" -> item.key();
            default -> "!" + item.key();
        });
        return Stream.concat(labels, expressions).collect(Collectors.joining(","));
    }
}

package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.sidecaroperator.core.json.Json;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the webhook with the API server: creates its configuration, or repairs a different one with one write.
 * After a restart it always differs, because the authority is new.
 */
public final class WebhookRegistration {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookRegistration.class);
    private static final ResourceDefinitionContext RESOURCE = new ResourceDefinitionContext.Builder()
            .withGroup("admissionregistration.k8s.io")
            .withVersion("v1")
            .withKind("MutatingWebhookConfiguration")
            .withPlural("mutatingwebhookconfigurations")
            .withNamespaced(false)
            .build();
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final KubernetesClient client;
    private final String name;
    private final Pause pause;

    /** Waits between two tries. Tests replace it. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    /** What a registration did. */
    public enum Result {
        CREATED,
        UPDATED,
        UNCHANGED
    }

    public WebhookRegistration(KubernetesClient client, String name, Pause pause) {
        this.client = client;
        this.name = name;
        this.pause = pause;
    }

    /**
     * Registers the webhooks. Tries again with growing pauses while another writer is faster or the API server cannot
     * answer.
     *
     * @throws KubernetesClientException when another try would not help: no permission, or a refused object
     */
    public Result register(ArrayNode webhooks) throws InterruptedException {
        Duration next = FIRST_PAUSE;
        while (true) {
            try {
                return registerOnce(webhooks);
            } catch (KubernetesClientException e) {
                if (!isTransient(e)) {
                    throw e;
                }
                LOG.atWarn()
                        .addKeyValue("name", name)
                        .addKeyValue("problem", e.getMessage())
                        .addKeyValue("nextTry", next)
                        .log("The webhook could not be registered yet");
            }
            pause.of(next);
            next = next.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? next.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private Result registerOnce(ArrayNode webhooks) {
        Resource<GenericKubernetesResource> resource =
                client.genericKubernetesResources(RESOURCE).withName(name);
        GenericKubernetesResource live = resource.get();
        if (live == null) {
            client.genericKubernetesResources(RESOURCE)
                    .resource(resourceOf(fresh(webhooks)))
                    .create();
            return Result.CREATED;
        }
        ObjectNode object =
                (ObjectNode) Json.parse(client.getKubernetesSerialization().asJson(live));
        if (webhooks.equals(object.get("webhooks"))) {
            return Result.UNCHANGED;
        }
        // The resource version stays in, so a write between this read and this write is a conflict.
        object.set("webhooks", webhooks);
        client.genericKubernetesResources(RESOURCE).resource(resourceOf(object)).update();
        return Result.UPDATED;
    }

    private ObjectNode fresh(ArrayNode webhooks) {
        ObjectNode object = Json.object()
                .put("apiVersion", "admissionregistration.k8s.io/v1")
                .put("kind", "MutatingWebhookConfiguration");
        object.putObject("metadata")
                .put("name", name)
                .putObject("labels")
                .put("app.kubernetes.io/name", "sidecar-operator")
                .put("app.kubernetes.io/managed-by", "sidecar-operator");
        object.set("webhooks", webhooks);
        return object;
    }

    private GenericKubernetesResource resourceOf(ObjectNode object) {
        return client.getKubernetesSerialization().unmarshal(Json.text(object), GenericKubernetesResource.class);
    }

    /** Whether another try can succeed. A failed connection has no code, or a negative one. */
    private static boolean isTransient(KubernetesClientException e) {
        int code = e.getCode();
        return code <= 0 || code == 409 || code == 429 || code >= 500;
    }
}

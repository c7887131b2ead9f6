package io.sidecaroperator.operator.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.EditReplacePatchable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.MeterRegistry;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The only class through which the operator changes the cluster. It does not read before it writes: an object is
 * changed by a JSON Patch against exactly the version that was seen.
 */
public final class Writer {
    /** The field manager of every write. Tools that clean up after kubectl do not touch it. */
    public static final String FIELD_MANAGER = "sidecar-operator";

    /** Client errors that do not depend on the object: the next try may succeed. */
    private static final Set<Integer> PASSING = Set.of(0, 401, 408, 429);

    private static final int CONFLICT = 409;

    private static final PatchContext CONTEXT = new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager(FIELD_MANAGER)
            .withFieldValidation("Strict")
            .build();

    private final KubernetesClient client;
    private final BooleanSupplier allowed;
    private final MeterRegistry metrics;

    /**
     * @param allowed whether this process may change the cluster now
     */
    public Writer(KubernetesClient client, BooleanSupplier allowed, MeterRegistry metrics) {
        this.client = client;
        this.allowed = allowed;
        this.metrics = metrics;
    }

    /** The API server's answer to a patch. */
    public sealed interface PatchResult<R> {
        /** Done; the object as it is now. */
        record Patched<R>(R resource) implements PatchResult<R> {}

        /** The object changed since it was seen. The watch will deliver it. */
        record Conflict<R>() implements PatchResult<R> {}

        /** The object no longer exists. */
        record Gone<R>() implements PatchResult<R> {}

        /** Refused. The same patch would be refused again. */
        record Refused<R>(String message) implements PatchResult<R> {}
    }

    /**
     * Patches an object as seen.
     *
     * @throws KubernetesClientException when the next try may succeed: no connection, overload, an error of the server
     */
    public <R extends HasMetadata> PatchResult<R> patch(R seen, ArrayNode operations) {
        return send(client.resource(seen), seen, operations);
    }

    /** The same for an object that the client does not find by its class. */
    public <R extends HasMetadata> PatchResult<R> patch(EditReplacePatchable<R> target, R seen, ArrayNode operations) {
        return send(target, seen, operations);
    }

    /** The same for the status subresource. */
    public <R extends HasMetadata> PatchResult<R> patchStatus(R seen, ArrayNode operations) {
        return send(client.resource(seen).subresource("status"), seen, operations);
    }

    /**
     * Creates an object without a read before. {@link PatchResult.Conflict} means that an object of its name exists.
     * Any other conflict, such as a quota that others change at the same moment, may succeed at the next try.
     *
     * @param collection the path under which its kind is listed
     * @throws KubernetesClientException as {@link #patch} does
     */
    public PatchResult<ObjectNode> create(String collection, ObjectNode object) {
        String kind = object.path("kind").asText();
        return raw(
                kind,
                "AlreadyExists",
                collection + "?fieldManager=" + FIELD_MANAGER + "&fieldValidation=Strict",
                "POST",
                Json.text(object));
    }

    /**
     * Deletes exactly the object with this uid, not another one of the same name.
     *
     * @throws KubernetesClientException as {@link #patch} does
     */
    public PatchResult<ObjectNode> delete(String path, String kind, String uid) {
        ObjectNode options = Json.object().put("apiVersion", "meta.k8s.io/v1").put("kind", "DeleteOptions");
        options.putObject("preconditions").put("uid", uid);
        return raw(kind, "Conflict", path, "DELETE", Json.text(options));
    }

    /**
     * @param conflict the reason of the 409 that is a {@link PatchResult.Conflict}
     */
    private PatchResult<ObjectNode> raw(String kind, String conflict, String path, String method, String body) {
        checkAllowed();
        try {
            JsonNode answer = Json.parse(String.valueOf(client.raw(path, method, body)));
            count(kind, "written");
            return new PatchResult.Patched<>(answer instanceof ObjectNode object ? object : Json.object());
        } catch (KubernetesClientException e) {
            String reason = e.getStatus() == null ? null : e.getStatus().getReason();
            if (e.getCode() == CONFLICT && reason != null && !reason.equals(conflict)) {
                count(kind, "failed");
                throw e;
            }
            return failed(kind, e);
        }
    }

    private <R extends HasMetadata> PatchResult<R> send(EditReplacePatchable<R> target, R seen, ArrayNode operations) {
        checkAllowed();
        ArrayNode guarded = Patch.onlyAt(seen.getMetadata().getResourceVersion(), operations);
        try {
            R written = target.patch(CONTEXT, Json.text(guarded));
            count(seen.getKind(), "written");
            return new PatchResult.Patched<>(written);
        } catch (KubernetesClientException e) {
            return failed(seen.getKind(), e);
        }
    }

    /** A write that was begun while this process was the leader must not be sent when another process leads. */
    private void checkAllowed() {
        if (!allowed.getAsBoolean()) {
            throw new IllegalStateException("not written: this process is not leading");
        }
    }

    private <R> PatchResult<R> failed(String kind, KubernetesClientException e) {
        int code = e.getCode();
        if (code == CONFLICT) {
            count(kind, "conflict");
            return new PatchResult.Conflict<>();
        }
        if (code == 404) {
            count(kind, "gone");
            return new PatchResult.Gone<>();
        }
        if (code >= 500 || PASSING.contains(code)) {
            count(kind, "failed");
            throw e;
        }
        count(kind, "rejected");
        return new PatchResult.Refused<>(messageOf(e));
    }

    private static String messageOf(KubernetesClientException e) {
        String status = e.getStatus() == null ? null : e.getStatus().getMessage();
        return status == null || status.isEmpty() ? String.valueOf(e.getMessage()) : status;
    }

    private void count(String kind, String result) {
        metrics.counter("sidecar_operator_writes", "kind", kind.toLowerCase(Locale.ROOT), "result", result)
                .increment();
    }
}

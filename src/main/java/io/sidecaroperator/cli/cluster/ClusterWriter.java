package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.json.InvalidJsonException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import java.util.concurrent.ExecutionException;

/** The few requests by which a command changes a cluster. Each one applies only to exactly the object that was read. */
final class ClusterWriter {
    private static final String JSON = "application/json";
    /** The operator's own field manager. Tools that clean up after kubectl do not touch it. */
    private static final String AS_OPERATOR = "?fieldManager=sidecar-operator&fieldValidation=Strict";

    private final ClusterApi api;

    ClusterWriter(ClusterApi api) {
        this.api = api;
    }

    /** The API server's answer to a request. */
    sealed interface Outcome {
        /** Done; the answer. */
        record Applied(JsonNode answer) implements Outcome {}

        /** The object has changed since it was read. */
        record Conflict() implements Outcome {}

        /** The object no longer exists. */
        record Gone() implements Outcome {}

        /** Refused by the API server or by an admission webhook. */
        record Refused(int code, String message) implements Outcome {}
    }

    /** Patches an object if it still has this version. */
    Outcome patch(String path, String resourceVersion, ArrayNode operations) {
        return send(
                "PATCH",
                path + AS_OPERATOR,
                "application/json-patch+json",
                Json.text(Patch.onlyAt(resourceVersion, operations)));
    }

    /** Sets how many pods a Deployment wants. */
    Outcome scale(String path, int replicas) {
        ObjectNode scale = Json.object();
        scale.putObject("spec").put("replicas", replicas);
        return send("PATCH", path + "/scale" + AS_OPERATOR, "application/merge-patch+json", Json.text(scale));
    }

    /** Deletes exactly the object with this uid. */
    Outcome delete(String path, String uid) {
        ObjectNode options = Json.object().put("apiVersion", "meta.k8s.io/v1").put("kind", "DeleteOptions");
        options.putObject("preconditions").put("uid", uid);
        return send("DELETE", path, JSON, Json.text(options));
    }

    /** Posts a review to the API server and returns its answer. */
    Outcome post(String path, ObjectNode question) {
        return send("POST", path, JSON, Json.text(question));
    }

    private Outcome send(String method, String path, String type, String body) {
        HttpClient http = api.client().getHttpClient();
        String server = api.client().getMasterUrl().toString().replaceAll("/$", "");
        HttpRequest request = http.newHttpRequestBuilder()
                .uri(server + path)
                .method(method, type, body)
                .build();
        try {
            HttpResponse<String> response =
                    http.sendAsync(request, String.class).get();
            return outcome(response.code(), response.body() == null ? "" : response.body());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new InputException("the API server at " + server + " does not answer " + method + " " + path + ": "
                    + ApiProblem.reason(cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("interrupted");
        }
    }

    private static Outcome outcome(int code, String body) {
        JsonNode answer;
        try {
            answer = Json.parse(body);
        } catch (InvalidJsonException e) {
            answer = Json.object();
        }
        if (code >= 200 && code < 300) {
            return new Outcome.Applied(answer);
        } else if (code == 404) {
            return new Outcome.Gone();
        } else if (code == 409) {
            return new Outcome.Conflict();
        }
        String message = Json.textAt(answer, "message");
        return new Outcome.Refused(code, message == null || message.isEmpty() ? "HTTP " + code : message);
    }
}

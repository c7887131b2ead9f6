package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads and writes AdmissionReview v1 as JSON trees: the only class that knows its field names. */
public final class AdmissionReviews {
    private static final String API_VERSION = "admission.k8s.io/v1";
    private static final String KIND = "AdmissionReview";

    private AdmissionReviews() {}

    /** Reads the admission request from a request body. */
    public static AdmissionRequest read(byte[] body) throws MalformedReviewException {
        JsonNode review = parse(body);
        require(review, "apiVersion", API_VERSION);
        require(review, "kind", KIND);
        JsonNode request = review.path("request");
        String uid = text(request, "uid");
        if (uid.isEmpty()) {
            throw new MalformedReviewException("request.uid is missing: an answer could not be told apart");
        }
        if (!(request.get("object") instanceof ObjectNode object)) {
            throw new MalformedReviewException("request.object is missing or not an object, in request " + uid);
        }
        JsonNode resource = request.path("resource");
        return new AdmissionRequest(
                uid,
                text(request, "operation"),
                text(request, "namespace"),
                text(request.path("userInfo"), "username"),
                new AdmissionRequest.Resource(
                        text(resource, "group"), text(resource, "resource"), text(request, "subResource")),
                object,
                Optional.ofNullable(Json.objectAt(request, "oldObject")));
    }

    /** Writes the response to the request with this uid. */
    public static byte[] write(String uid, AdmissionResponse answer) {
        ObjectNode response = Json.object().put("uid", uid).put("allowed", true);
        if (answer instanceof AdmissionResponse.Patched patched) {
            response.put("patchType", "JSONPatch").put("patch", bytes(patched.patch()));
        }
        if (!answer.warnings().isEmpty()) {
            response.set("warnings", strings(answer.warnings()));
        }
        ObjectNode review = Json.object().put("apiVersion", API_VERSION).put("kind", KIND);
        review.set("response", response);
        return bytes(review);
    }

    private static JsonNode parse(byte[] body) throws MalformedReviewException {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new MalformedReviewException("the body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new MalformedReviewException("the body is not JSON: " + e.getMessage());
        }
    }

    private static void require(JsonNode review, String key, String expected) throws MalformedReviewException {
        String found = text(review, key);
        if (!found.equals(expected)) {
            throw new MalformedReviewException(
                    key + " is " + (found.isEmpty() ? "missing" : found) + ", expected " + expected);
        }
    }

    private static String text(JsonNode parent, String key) {
        String value = Json.textAt(parent, key);
        return value == null ? "" : value;
    }

    private static ArrayNode strings(List<String> values) {
        ArrayNode array = Json.array();
        values.forEach(array::add);
        return array;
    }

    /**
     * Returns a JSON document as bytes. As a value in another document, Jackson writes bytes in Base64, which the API
     * requires here.
     */
    private static byte[] bytes(JsonNode node) {
        try {
            return Json.MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values always has a text", e);
        }
    }
}

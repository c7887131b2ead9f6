package io.sidecaroperator.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionReviewsTest {
    private static final ArrayNode PATCH =
            (ArrayNode) Json.parse("[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"é\":\"1\"}}]");

    @Test
    void readsTheQuestionAndKeepsTheObjectAsItCame() throws MalformedReviewException {
        String object =
                "{\"kind\":\"Pod\",\"spec\":{\"containers\":[],\"future\":{\"n\":1.0,\"big\":12345678901234567890}}}";

        AdmissionRequest request = read(review("\"operation\":\"CREATE\",\"namespace\":\"shop\","
                + "\"resource\":{\"group\":\"\",\"version\":\"v1\",\"resource\":\"pods\"},\"object\":" + object));

        assertThat(request.uid()).isEqualTo("u-1");
        assertThat(request.namespace()).isEqualTo("shop");
        assertThat(request.creates("", "pods")).isTrue();
        assertThat(Json.text(request.object())).isEqualTo(object);
    }

    @Test
    void readsWhoChangesWhat() throws MalformedReviewException {
        AdmissionRequest request = read(review("\"operation\":\"UPDATE\",\"userInfo\":{\"username\":\"jane\"},"
                + "\"resource\":{\"group\":\"apps\",\"resource\":\"deployments\"},"
                + "\"object\":{\"a\":2},\"oldObject\":{\"a\":1}"));

        assertThat(request.user()).isEqualTo("jane");
        assertThat(request.isCreation()).isFalse();
        assertThat(request.resource()).isEqualTo(new AdmissionRequest.Resource("apps", "deployments", ""));
        assertThat(request.oldObject()).contains((ObjectNode) Json.parse("{\"a\":1}"));
        assertThat(read(review("\"object\":{},\"oldObject\":null")).oldObject()).isEmpty();
    }

    @Test
    void tellsACreationFromOtherOperationsResourcesAndSubresources() throws MalformedReviewException {
        String pods = "\"resource\":{\"group\":\"\",\"resource\":\"pods\"},\"object\":{}";

        assertThat(read(review("\"operation\":\"UPDATE\"," + pods)).creates("", "pods"))
                .isFalse();
        assertThat(read(review("\"operation\":\"CREATE\",\"subResource\":\"eviction\"," + pods))
                        .creates("", "pods"))
                .isFalse();
        assertThat(read(review("\"operation\":\"CREATE\"," + pods)).creates("metrics.k8s.io", "pods"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                      | apiVersion is missing",
                "<pod/>                                  | the body is not JSON: Unexpected character",
                "{\"kind\":                              | the body is not JSON: Unexpected end-of-input",
                "[]                                      | apiVersion is missing, expected admission.k8s.io/v1",
                "{} {}                                   | the body is not JSON: Trailing token",
                "{\"apiVersion\":\"admission.k8s.io/v1beta1\"} "
                        + "| apiVersion is admission.k8s.io/v1beta1, expected admission.k8s.io/v1",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"Pod\"} | kind is Pod, expected AdmissionReview",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"} | request.uid is missing",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\","
                        + "\"object\":[]}} | request.object is missing or not an object, in request u"
            })
    void saysWhatIsWrongWithABody(String body, String problem) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(MalformedReviewException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void refusesNestingThatWouldOverflowTheStack() {
        String deep = "{\"a\":".repeat(100_000);

        assertThatThrownBy(() -> read(deep)).isInstanceOf(MalformedReviewException.class);
    }

    @Test
    void writesAPatchInBase64WithItsType() {
        JsonNode response = write(AdmissionResponse.patched("Injected", PATCH, List.of("one", "two")));

        assertThat(response.path("uid").textValue()).isEqualTo("u-1");
        assertThat(response.path("allowed").booleanValue()).isTrue();
        assertThat(response.path("patchType").textValue()).isEqualTo("JSONPatch");
        byte[] patch = Base64.getDecoder().decode(response.path("patch").textValue());
        assertThat(Json.parse(new String(patch, StandardCharsets.UTF_8))).isEqualTo(PATCH);
        assertThat(response.path("warnings")).isEqualTo(Json.parse("[\"one\",\"two\"]"));
    }

    @Test
    void writesNoPatchTypeWhereThereIsNoPatch() {
        assertThat(write(AdmissionResponse.patched("Injected", Json.array(), List.of())))
                .isEqualTo(Json.parse("{\"uid\":\"u-1\",\"allowed\":true}"));
        assertThat(write(AdmissionResponse.errored("oh")))
                .isEqualTo(Json.parse("{\"uid\":\"u-1\",\"allowed\":true,\"warnings\":[\"oh\"]}"));
    }

    private static JsonNode write(AdmissionResponse answer) {
        JsonNode review = Json.parse(new String(AdmissionReviews.write("u-1", answer), StandardCharsets.UTF_8));
        assertThat(review.path("apiVersion").textValue()).isEqualTo("admission.k8s.io/v1");
        assertThat(review.path("kind").textValue()).isEqualTo("AdmissionReview");
        return review.path("response");
    }

    private static AdmissionRequest read(String body) throws MalformedReviewException {
        return AdmissionReviews.read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String review(String fields) {
        return "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u-1\","
                + fields + "}}";
    }
}

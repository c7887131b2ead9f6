package io.sidecaroperator.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizerTest {
    /** What was rendered under a key, what the API server stores for it, and whether they are the same. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resources | {\"limits\":{\"cpu\":\"0.5\"}} | {\"limits\":{\"cpu\":\"500m\"}} | true",
                "resources | {\"limits\":{\"cpu\":1}} | {\"limits\":{\"cpu\":\"1\"}} | true",
                "resources | {\"limits\":{\"memory\":\"1Gi\"}} | {\"limits\":{\"memory\":\"1024Mi\"}} | true",
                "resources | {\"limits\":{\"memory\":\"1Gi\"}} | {\"limits\":{\"memory\":\"1G\"}} | false",
                "resources | {\"limits\":{\"cpu\":\"1\"}} | {\"limits\":{\"cpu\":\"1\"},\"requests\":{\"cpu\":\"1\"}}"
                        + " | true",
                "emptyDir | {\"sizeLimit\":\"1024Ki\"} | {\"sizeLimit\":\"1Mi\"} | true",
                "env | {\"name\":\"A\",\"value\":\"\"} | {\"name\":\"A\"} | true",
                "env | {\"name\":\"A\",\"value\":\"1\"} | {\"name\":\"A\",\"value\":\"1.0\"} | false",
                "volumeMounts | {\"name\":\"a\",\"readOnly\":false} | {\"name\":\"a\"} | true",
                "containers | {\"args\":[]} | {} | true",
                "containers | {\"args\":[\"\"]} | {} | false",
                "securityContext | {\"privileged\":false} | {} | false",
                "securityContext | {\"capabilities\":{\"drop\":[]}} | {\"capabilities\":{}} | false",
                "livenessProbe | {\"httpGet\":{\"port\":80}}"
                        + " | {\"httpGet\":{\"port\":80,\"path\":\"/\",\"scheme\":\"HTTP\"},\"timeoutSeconds\":1,"
                        + "\"periodSeconds\":10,\"successThreshold\":1,\"failureThreshold\":3} | true",
                "livenessProbe | {\"periodSeconds\":5} | {\"periodSeconds\":10} | false",
                "livenessProbe | {\"initialDelaySeconds\":3.0} | {\"initialDelaySeconds\":3} | true",
                "valueFrom | {\"fieldRef\":{\"fieldPath\":\"x\"}}"
                        + " | {\"fieldRef\":{\"apiVersion\":\"v1\",\"fieldPath\":\"x\"}} | true"
            })
    void isTheSameBeforeAndAfterTheServerStoredIt(String key, String rendered, String stored, boolean same) {
        assertThat(Normalizer.hash(key, Json.parse(stored)).equals(Normalizer.hash(key, Json.parse(rendered))))
                .isEqualTo(same);
    }

    /** The live value, the rendered value, and whether the live one covers it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"image\":\"i\",\"terminationMessagePath\":\"/x\"} | {\"image\":\"i\"} | true",
                "{\"image\":\"i\"} | {\"image\":\"i\",\"stdin\":false} | true",
                "{\"image\":\"i\"} | {\"image\":\"i\",\"stdin\":true} | false",
                "{\"image\":\"j\"} | {\"image\":\"i\"} | false",
                "{\"args\":[\"a\",\"b\"]} | {\"args\":[\"a\"]} | false",
                "{\"args\":[\"b\",\"a\"]} | {\"args\":[\"a\",\"b\"]} | false",
                "{\"ports\":[{\"containerPort\":80,\"protocol\":\"TCP\"}]} | {\"ports\":[{\"containerPort\":80}]} | true",
                "{\"lifecycle\":\"none\"} | {\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":5}}}} | false"
            })
    void coversWhatWasRendered(String live, String rendered, boolean covers) {
        assertThat(Normalizer.covers("containers", Json.parse(live), Json.parse(rendered)))
                .isEqualTo(covers);
    }

    @Test
    void seesFieldsThatNobodyRendered() {
        ObjectNode wanted = (ObjectNode) Json.parse("{\"name\":\"web\"}");

        assertThat(Normalizer.hasNoOtherField(
                        (ObjectNode) Json.parse("{\"name\":\"web\",\"args\":[],\"stdin\":false,\"tty\":null}"), wanted))
                .isTrue();
        assertThat(Normalizer.hasNoOtherField(
                        (ObjectNode)
                                Json.parse("{\"name\":\"web\",\"livenessProbe\":{\"exec\":{}, \"periodSeconds\":7}}"),
                        wanted))
                .isFalse();
    }
}

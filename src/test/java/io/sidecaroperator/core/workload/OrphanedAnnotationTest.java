package io.sidecaroperator.core.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrphanedAnnotationTest {
    private static final PolicyKey LOGS = new PolicyKey("shop", "logs");
    private static final PolicyKey TLS = new PolicyKey("", "tls");

    @Test
    void namesAreReadWithOrWithoutNamespaceAndSpaces() {
        assertThat(OrphanedAnnotation.of(object("\"sidecar-operator.io/orphaned\":\"shop/logs, tls,\"")))
                .containsExactlyInAnyOrder(LOGS, TLS);
        assertThat(OrphanedAnnotation.of(object("\"a\":\"b\""))).isEmpty();
        assertThat(OrphanedAnnotation.of(Json.object())).isEmpty();
    }

    @Test
    void whatIsWrittenIsRead() {
        ObjectNode named = OrphanedAnnotation.with(Json.object(), List.of(LOGS, TLS));

        assertThat(OrphanedAnnotation.of(named)).isEqualTo(Set.of(LOGS, TLS));
        assertThat(named.at("/metadata/annotations/sidecar-operator.io~1orphaned")
                        .textValue())
                .isEqualTo("tls,shop/logs");
    }

    @Test
    void withNoPolicyLeftTheAnnotationGoesAndNothingElse() {
        ObjectNode alone = object("\"sidecar-operator.io/orphaned\":\"tls\"");

        assertThat(OrphanedAnnotation.with(alone, List.of()))
                .isEqualTo(Json.parse("{\"metadata\":{\"name\":\"web\"}}"));
        assertThat(OrphanedAnnotation.of(alone)).as("the input stays").containsExactly(TLS);
        assertThat(OrphanedAnnotation.with(object("\"a\":\"b\",\"sidecar-operator.io/orphaned\":\"tls\""), List.of()))
                .isEqualTo(object("\"a\":\"b\""));
        assertThat(OrphanedAnnotation.with(Json.object(), List.of())).isEqualTo(Json.object());
    }

    private static ObjectNode object(String annotations) {
        return (ObjectNode) Json.parse("{\"metadata\":{\"name\":\"web\",\"annotations\":{" + annotations + "}}}");
    }
}

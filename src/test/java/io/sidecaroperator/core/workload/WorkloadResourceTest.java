package io.sidecaroperator.core.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sidecaroperator.core.json.Json;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the caches keep of a workload. */
class WorkloadResourceTest {
    private static final KubernetesSerialization CLIENT = new KubernetesSerialization();
    private static final String SPEC =
            "{\"replicas\":3,\"big\":12345678901234567890,\"text\":\"\u00e4\u20ac\",\"unknown\":{\"b\":[],\"a\":null}}";

    private final DeploymentResource deployment = CLIENT.unmarshal("""
            {"apiVersion": "apps/v1", "kind": "Deployment",
             "metadata": {"name": "web", "managedFields": [{"manager": "kubectl", "operation": "Update",
              "time": "2026-01-01T00:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {"f:replicas": {}}}}]},
             "spec": %s, "status": {"readyReplicas": 1}}
            """.formatted(SPEC), DeploymentResource.class);

    private JsonNode spec() {
        return Objects.requireNonNull(deployment.getSpec());
    }

    @Test
    void specAndStatusAreAsTheyCame() {
        assertThat(Json.text(spec())).isEqualTo(SPEC);
        assertThat(deployment.getStatus()).isEqualTo(Json.parse("{\"readyReplicas\": 1}"));
        assertThat(new DeploymentResource().getSpec()).isNull();
    }

    @Test
    void aTreeThatSomebodyChangesChangesNothing() {
        ((ObjectNode) spec()).removeAll();

        assertThat(Json.text(spec())).isEqualTo(SPEC);
    }

    @Test
    void ofTheManagersOnlyTheirFieldsAreForgotten() {
        JsonNode kept = Json.parse(CLIENT.asJson(deployment)).at("/metadata/managedFields/0");

        assertThat(kept.path("manager").asText()).isEqualTo("kubectl");
        assertThat(kept.path("time").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(List.of(kept.has("fieldsV1"), kept.has("fieldsType"))).containsExactly(false, true);
    }
}

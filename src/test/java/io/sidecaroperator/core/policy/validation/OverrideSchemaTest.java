package io.sidecaroperator.core.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Crds;
import org.junit.jupiter.api.Test;

class OverrideSchemaTest {
    /**
     * The intended differences: unknown fields are rejected, and so are claims of dynamic resources; and a rule stands
     * here that an older API server does not accept in a CRD.
     */
    @Test
    void isTheCrdsOwnSchemaOfASidecarButClosed() {
        ObjectNode sidecar = (ObjectNode)
                Crds.schema(Crds.read(Crds.POLICY_FILE)).at("/properties/spec/properties/sidecars/items/properties");
        ObjectNode expected = Json.object();
        expected.set("image", sidecar.get("image"));
        expected.set("env", sidecar.at("/env/items"));
        expected.set("resources", sidecar.get("resources"));
        ((ObjectNode) expected.at("/resources/properties")).remove("claims");
        close(expected);
        Rule rule = ContainerRules.REQUESTS_WITHIN_LIMITS;
        expected.withObject("/resources")
                .putArray("x-kubernetes-validations")
                .addObject()
                .put("rule", rule.cel())
                .put("message", rule.message())
                .put("fieldPath", "." + rule.field());

        assertThat(canonical(OverrideSchema.all())).isEqualTo(canonical(expected));
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            object.remove("x-kubernetes-preserve-unknown-fields");
        }
        schema.forEach(OverrideSchemaTest::close);
    }

    private static String canonical(ObjectNode schema) {
        return Canonical.of(schema).toPrettyString();
    }
}

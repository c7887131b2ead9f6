package io.sidecaroperator.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retained parts are exactly what stripping removes, so that retaining adds and loses no part. */
class RetainerTest {
    private static final String POLICY = """
            {"kind": "SidecarPolicy", "metadata": {"name": "logs", "namespace": "shop"}, "spec": {
              "selector": {},
              "volumes": [{"name": "trust", "configMap": {"name": "ca"}}],
              "appContainers": {
                "env": [{"name": "TRACE", "value": "1"}],
                "envFrom": [{"configMapRef": {"name": "common"}}],
                "volumeMounts": [{"name": "trust", "mountPath": "/trust"}]},
              "imagePullSecrets": [{"name": "one"}, {"name": "two"}]}}
            """;
    private static final String TEMPLATE =
            "{\"metadata\": {}, \"spec\": {\"containers\": [{\"name\": \"web\", \"image\": \"web:1\"}]}}";

    private final ObjectNode policy = (ObjectNode) Json.parse(POLICY);

    @ParameterizedTest
    @ValueSource(strings = {"env", "envFrom", "volumeMounts"})
    void aCopyOfOursIsTheUsers(String list) {
        ObjectNode carrying = injected();
        ArrayNode elements = list((ObjectNode) carrying.at("/spec/containers/0"), list);
        elements.add(elements.get(0).deepCopy());

        assertStays(carrying);
    }

    @Test
    void pullSecretsStandAsSomebodyOrderedThem() {
        ObjectNode carrying = injected();
        ArrayNode secrets = list((ObjectNode) carrying.path("spec"), "imagePullSecrets");
        secrets.add(secrets.remove(0));

        assertStays(carrying);
    }

    private ObjectNode injected() {
        return Engine.CURRENT
                .inject(input((ObjectNode) Json.parse(TEMPLATE)), index())
                .template();
    }

    /** The policy moves on and is paused, and the revision that the template has is not kept. */
    private void assertStays(ObjectNode carrying) {
        policy.withObject("/spec/podMetadata/labels").put("later", "true");
        policy.withObject("/spec/rollout").put("paused", true);

        Injection retained = Engine.CURRENT.inject(input(carrying), index());

        assertThat(retained.template()).isEqualTo(carrying);
        assertThat(Engine.CURRENT.inSync(retained)).isTrue();
    }

    private PolicyIndex index() {
        return PolicyIndex.of(List.of(PolicyCompiler.compile(policy)));
    }

    private static Input input(ObjectNode template) {
        return Input.ofTemplate(
                new WorkloadRef("apps", "Deployment", "shop", "web"),
                Input.InNamespace.PLAIN,
                template,
                KubernetesVersion.NEWEST,
                Trigger.Resync.FREELY);
    }

    private static ArrayNode list(ObjectNode parent, String key) {
        return Objects.requireNonNull(Json.arrayAt(parent, key));
    }
}

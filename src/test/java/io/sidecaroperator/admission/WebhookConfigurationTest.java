package io.sidecaroperator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.LabelSelector;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhookConfigurationTest {
    private final JsonNode webhook = WebhookConfiguration.webhooks(
                    new WebhookAddress.Service("ops", "hook"), "Q0E=", "ops", Set.of())
            .get(0);

    @Test
    void neverStandsInTheWayOfAPod() {
        assertThat(webhook.path("failurePolicy").textValue()).isEqualTo("Ignore");
        assertThat(webhook.path("sideEffects").textValue()).isEqualTo("None");
        assertThat(webhook.path("timeoutSeconds").intValue()).isBetween(2, 5);
    }

    @Test
    void isCalledForCreatedPodsOnly() {
        assertThat(webhook.path("rules"))
                .isEqualTo(Json.parse("[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],"
                        + "\"resources\":[\"pods\"],\"scope\":\"Namespaced\"}]"));
    }

    @Test
    void isFoundByServiceOrByUrl() {
        assertThat(webhook.path("clientConfig"))
                .isEqualTo(Json.parse("{\"service\":{\"namespace\":\"ops\",\"name\":\"hook\","
                        + "\"path\":\"/mutate/pods\",\"port\":443},\"caBundle\":\"Q0E=\"}"));
        assertThat(new WebhookAddress.Url("127.0.0.1", 9443).clientConfig("/p"))
                .isEqualTo(Json.parse("{\"url\":\"https://127.0.0.1:9443/p\"}"));
        assertThat(new WebhookAddress.Url("::1", 9443).clientConfig("/p"))
                .isEqualTo(Json.parse("{\"url\":\"https://[::1]:9443/p\"}"));
    }

    @Test
    void theApiServerKeepsSystemOwnAndOptedOutNamespacesAway() {
        LabelSelector selector = selector(webhook.path("namespaceSelector"));

        assertThat(selector.matches(namespace("shop"))).isTrue();
        assertThat(selector.matches(Map.of())).isTrue();
        for (String excluded : Set.of("kube-system", "kube-public", "kube-node-lease", "ops")) {
            assertThat(selector.matches(namespace(excluded))).isFalse();
        }
        assertThat(selector.matches(Map.of("sidecar-operator.io/inject", "false")))
                .isFalse();
        assertThat(selector.matches(Map.of("sidecar-operator.io/inject", "true")))
                .isTrue();
    }

    @Test
    void theApiServerKeepsOptedOutPodsAway() {
        LabelSelector selector = selector(webhook.path("objectSelector"));

        assertThat(selector.matches(Map.of("sidecar-operator.io/inject", "false")))
                .isFalse();
        assertThat(selector.matches(Map.of("app", "web"))).isTrue();
    }

    @Test
    void aWatchOfSomeNamespacesAsksForPodsOfThoseOnly() {
        LabelSelector selector = selector(WebhookConfiguration.webhooks(
                        new WebhookAddress.Service("ops", "hook"), "Q0E=", "ops", Set.of("shop", "bank"))
                .get(0)
                .path("namespaceSelector"));

        assertThat(selector.matches(namespace("bank"))).isTrue();
        assertThat(selector.matches(namespace("zoo"))).isFalse();
    }

    private static Map<String, String> namespace(String name) {
        return Map.of("kubernetes.io/metadata.name", name);
    }

    private static LabelSelector selector(JsonNode node) {
        return LabelSelector.of(node);
    }
}

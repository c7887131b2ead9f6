package io.sidecaroperator.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.LabelSelector;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhookConfigurationTest {
    private final JsonNode webhook = configuration(Set.of()).pods();
    private final JsonNode workloads =
            configuration(Set.of()).workloads(WorkloadKinds.BUILT_IN, "system:serviceaccount:ops:hook");

    @Test
    void neverStandsInTheWay() {
        for (JsonNode one : List.of(webhook, workloads)) {
            assertThat(one.path("failurePolicy").textValue()).isEqualTo("Ignore");
            assertThat(one.path("sideEffects").textValue()).isEqualTo("None");
            assertThat(one.path("timeoutSeconds").intValue()).isBetween(2, 5);
        }
    }

    @Test
    void isCalledForCreatedPodsOnly() {
        assertThat(webhook.path("rules"))
                .isEqualTo(Json.parse("[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],"
                        + "\"resources\":[\"pods\"],\"scope\":\"Namespaced\"}]"));
    }

    @Test
    void isCalledForCreatedAndChangedWorkloads() {
        assertThat(workloads.path("rules")).isEqualTo(Json.parse("""
                        [{"apiGroups":["apps"],"apiVersions":["v1"],"operations":["CREATE","UPDATE"],
                          "resources":["deployments","statefulsets","daemonsets","replicasets"],"scope":"Namespaced"},
                         {"apiGroups":["batch"],"apiVersions":["v1"],"operations":["CREATE","UPDATE"],
                          "resources":["cronjobs"],"scope":"Namespaced"},
                         {"apiGroups":["batch"],"apiVersions":["v1"],"operations":["CREATE"],
                          "resources":["jobs"],"scope":"Namespaced"}]"""));
        assertThat(workloads.path("objectSelector"))
                .as("a workload opts out in its template")
                .isEqualTo(Json.object());
        assertThat(workloads.path("namespaceSelector")).isEqualTo(webhook.path("namespaceSelector"));
        assertThat(workloads.at("/clientConfig/service/path").textValue()).isEqualTo("/mutate/workloads");
    }

    @Test
    void aKindThatKubernetesDoesNotHaveIsARuleOfItsOwn() {
        WorkloadKinds kinds = WorkloadKinds.parse(
                List.of("argoproj.io/v1alpha1/Rollout=/spec/template", "example.org/v1/App=/spec/pods/0/template"));

        JsonNode told = configuration(Set.of()).workloads(kinds, "operator");

        assertThat(told.at("/rules/3")).isEqualTo(Json.parse("""
                        {"apiGroups":["argoproj.io"],"apiVersions":["v1alpha1"],"operations":["CREATE","UPDATE"],
                          "resources":["*"],"scope":"Namespaced"}"""));
        assertThat(told.at("/matchConditions/1/expression").textValue())
                .isEqualTo("(request.kind.group != 'argoproj.io' || request.kind.kind in ['Rollout'])"
                        + " && (request.kind.group != 'example.org' || request.kind.kind in ['App'])");
        assertThat(told.at("/matchConditions/3")).isEqualTo(workloads.at("/matchConditions/3"));
    }

    @Test
    void aTemplateOutsideOfTheSpecIsWatchedWithTheWholeObject() {
        WorkloadKinds kinds = WorkloadKinds.parse(List.of("example.org/v1/App=/template"));

        assertThat(configuration(Set.of())
                        .workloads(kinds, "operator")
                        .at("/matchConditions/3/expression")
                        .textValue())
                .isEqualTo("true");
    }

    @Test
    void theOperatorsOwnWritesPassWhateverItsName() {
        assertThat(WebhookConditions.notBy("system:serviceaccount:ops:hook"))
                .isEqualTo("request.userInfo.username != 'system:serviceaccount:ops:hook'");
        assertThat(WebhookConditions.notBy("o'neil\\x")).isEqualTo("request.userInfo.username != 'o\\'neil\\\\x'");
        assertThat(workloads.at("/matchConditions/0/expression").textValue())
                .isEqualTo(WebhookConditions.notBy("system:serviceaccount:ops:hook"));
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
        LabelSelector selector =
                selector(configuration(Set.of("shop", "bank")).pods().path("namespaceSelector"));

        assertThat(selector.matches(namespace("bank"))).isTrue();
        assertThat(selector.matches(namespace("zoo"))).isFalse();
    }

    private static WebhookConfiguration configuration(Set<String> namespaces) {
        return new WebhookConfiguration(
                new WebhookAddress.Service("ops", "hook"), "Q0E=", new WebhookConfiguration.Reach("ops", namespaces));
    }

    private static Map<String, String> namespace(String name) {
        return Map.of("kubernetes.io/metadata.name", name);
    }

    private static LabelSelector selector(JsonNode node) {
        return LabelSelector.of(node);
    }
}

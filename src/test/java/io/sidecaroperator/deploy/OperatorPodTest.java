package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Manifests;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's own pod: its security fields, its ports and its labels. */
class OperatorPodTest {
    private final Manifests manifests = HelmChart.render();

    @Test
    void podSatisfiesTheRestrictedLevel() {
        ObjectNode pod = pod(manifests);

        assertThat(pod.path("securityContext"))
                .isEqualTo(Json.parse("{\"runAsNonRoot\":true,\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}"));
        assertThat(container(manifests).path("securityContext"))
                .isEqualTo(Json.parse("{\"allowPrivilegeEscalation\":false,\"readOnlyRootFilesystem\":true,"
                        + "\"capabilities\":{\"drop\":[\"ALL\"]}}"));
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC", "initContainers")) {
            assertThat(pod.has(field)).as(field).isFalse();
        }
        assertThat(pod.path("volumes"))
                .isEqualTo(Json.parse("[{\"name\":\"tmp\",\"emptyDir\":{\"sizeLimit\":\"64Mi\"}}]"));
        assertThat(container(manifests).path("volumeMounts"))
                .isEqualTo(Json.parse("[{\"name\":\"tmp\",\"mountPath\":\"/tmp\"}]"));
    }

    @Test
    void onlyThePodThatNeedsItGetsTheToken() {
        assertThat(pod(manifests).path("automountServiceAccountToken").booleanValue())
                .isTrue();
        assertThat(manifests
                        .only("ServiceAccount")
                        .get("automountServiceAccountToken")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void admissionOfWorkloadsCanBeTurnedOff() {
        String variable = "SIDECAR_OPERATOR_WORKLOAD_WEBHOOK";

        assertThat(Json.named(container(manifests), "env", variable)).isEmpty();
        assertThat(Json.named(container(HelmChart.render("webhook: {workloads: false}")), "env", variable))
                .contains(Json.object().put("name", variable).put("value", "false"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "ports: {webhook: 10250, http: 9090}"})
    void serviceContainerAndEnvironmentAgreeOnPorts(String values) {
        Manifests rendered = HelmChart.render(values);
        ObjectNode container = container(rendered);

        for (JsonNode port : rendered.only("Service").at("/spec/ports")) {
            assertThat(Json.named(container, "ports", port.path("targetPort").asText()))
                    .as("target of %s", port)
                    .isPresent();
        }
        assertThat(Json.named(rendered.only("Service").path("spec"), "ports", "webhook")
                        .orElseThrow()
                        .path("port")
                        .intValue())
                .as("the API server calls a Service on 443 by default")
                .isEqualTo(443);
        assertThat(environment(container, "SIDECAR_OPERATOR_WEBHOOK_PORT")).isEqualTo(portOf(container, "webhook"));
        assertThat(environment(container, "SIDECAR_OPERATOR_HTTP_PORT")).isEqualTo(portOf(container, "http"));
        assertThat(environment(container, "SIDECAR_OPERATOR_SERVICE"))
                .isEqualTo(rendered.only("Service").at("/metadata/name").asText());
    }

    @Test
    void probesAskThePortThatServesThem() {
        ObjectNode container = container(manifests);

        assertThat(container.at("/startupProbe/httpGet"))
                .isEqualTo(Json.parse("{\"path\":\"/livez\",\"port\":\"http\"}"));
        assertThat(container.at("/livenessProbe/httpGet"))
                .isEqualTo(Json.parse("{\"path\":\"/livez\",\"port\":\"http\"}"));
        assertThat(container.at("/readinessProbe/httpGet"))
                .isEqualTo(Json.parse("{\"path\":\"/readyz\",\"port\":\"http\"}"));
        assertThat(Json.named(container, "ports", "http")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "podLabels: {app.kubernetes.io/name: mine, app.kubernetes.io/instance: mine, team: platform}",
            })
    void deploymentAndServiceFindThePod(String values) {
        Manifests rendered = HelmChart.render(values);
        JsonNode labels = rendered.only("Deployment").at("/spec/template/metadata/labels");

        assertThat(List.of(
                        rendered.only("Deployment").at("/spec/selector/matchLabels"),
                        rendered.only("Service").at("/spec/selector")))
                .allSatisfy(selector -> {
                    assertThat(selector).isNotEmpty();
                    selector.properties()
                            .forEach(label -> assertThat(labels.get(label.getKey()))
                                    .as(label.getKey())
                                    .isEqualTo(label.getValue()));
                });
    }

    @Test
    void oneOldPodServesUntilTheNewOneIsReady() {
        JsonNode spec = manifests.only("Deployment").path("spec");

        assertThat(spec.path("replicas").intValue()).isEqualTo(1);
        assertThat(spec.at("/strategy/rollingUpdate")).isEqualTo(Json.parse("{\"maxSurge\":1,\"maxUnavailable\":0}"));
    }

    @Test
    void requestsAreGivenAndMemoryIsLimited() {
        assertThat(container(manifests).path("resources"))
                .isEqualTo(Json.parse(
                        "{\"requests\":{\"cpu\":\"100m\",\"memory\":\"160Mi\"},\"limits\":{\"memory\":\"256Mi\"}}"));
    }

    static ObjectNode pod(Manifests manifests) {
        return (ObjectNode) manifests.only("Deployment").at("/spec/template/spec");
    }

    static ObjectNode container(Manifests manifests) {
        return Json.named(pod(manifests), "containers", "operator").orElseThrow();
    }

    static String environment(ObjectNode container, String name) {
        return Json.named(container, "env", name).orElseThrow().path("value").asText();
    }

    private static String portOf(ObjectNode container, String name) {
        return Json.named(container, "ports", name)
                .orElseThrow()
                .path("containerPort")
                .asText();
    }
}

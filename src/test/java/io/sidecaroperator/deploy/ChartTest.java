package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.policy.validation.ContainerRules;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chart as Helm reads it: valid, versioned with the project, and with every value in its place. */
class ChartTest {
    private static final Pattern POM_VERSION =
            Pattern.compile("<artifactId>sidecar-operator</artifactId>\\s*<version>([^<]+?)(-SNAPSHOT)?</version>");

    @Test
    void lintFindsNothing() {
        LintResult result = HelmChart.helm().lint().strict().call();

        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
    }

    @Test
    void versionsAreTheProjects() {
        Matcher pom = POM_VERSION.matcher(Checkout.read("pom.xml"));
        assertThat(pom.find()).isTrue();

        ObjectNode chart = HelmChart.file("Chart.yaml");
        assertThat(chart.path("version").asText()).isEqualTo(pom.group(1));
        assertThat(chart.path("appVersion").asText()).isEqualTo(pom.group(1));
    }

    /** Helm prints one file after the other, and kubectl reads what follows without a line of dashes as one object. */
    @Test
    void bothCrdsReachKubectlWhenHelmShowsThem() {
        String shown = HelmChart.helm().show().crds().call();

        assertThat(shown).startsWith("---\n");
        assertThat(Manifests.parse(shown).objects())
                .extracting(crd -> crd.at("/metadata/name").asText())
                .containsExactly("clustersidecarpolicies.sidecar-operator.io", "sidecarpolicies.sidecar-operator.io");
    }

    @Test
    void olderKubernetesIsRefused() {
        assertThatThrownBy(() -> HelmChart.helm()
                        .template()
                        .withName("sidecar-operator")
                        .withKubeVersion("1.28.15")
                        .call())
                .hasMessageContaining("chart requires kubeVersion: >=1.29.0-0")
                .hasMessageContaining("1.28.15");
    }

    @Test
    void theApiServerChecksWhatTheCrdsCannotWhereItCan() {
        Manifests newest = HelmChart.render();
        JsonNode validations = newest.only("ValidatingAdmissionPolicy").at("/spec/validations");

        assertThat(validations).hasSize(2).allSatisfy(validation -> {
            assertThat(validation.path("expression").asText()).contains(ContainerRules.REQUESTS_WITHIN_LIMITS.cel());
            assertThat(validation.path("message").asText()).contains(ContainerRules.REQUESTS_WITHIN_LIMITS.message());
        });
        assertThat(newest.only("ValidatingAdmissionPolicyBinding").at("/spec/policyName"))
                .isEqualTo(newest.only("ValidatingAdmissionPolicy").at("/metadata/name"));
        assertThat(HelmChart.render("policyValidation: {enabled: false}").all("ValidatingAdmissionPolicy"))
                .isEmpty();
        assertThat(HelmChart.template(HelmChart.OLDEST_KUBERNETES))
                .as("Kubernetes 1.29 has only a beta of it")
                .doesNotContain("ValidatingAdmissionPolicy");
    }

    @Test
    void everyValueArrives() {
        Manifests manifests = HelmChart.render("""
                image: {repository: registry.example/ops/sidecar-operator, tag: "2.0", pullPolicy: Always}
                imagePullSecrets: [{name: registry}]
                fullnameOverride: sidecars
                namespaces: [shop, bank]
                replicas: 0
                serviceAccount: {name: injector, annotations: {cloud/role: injector}}
                resources: {requests: {cpu: 1}}
                javaOptions: -Xmx64m
                extraEnv: [{name: TZ, value: UTC}]
                terminationGracePeriodSeconds: 45
                podLabels: {team: platform}
                podAnnotations: {note: "true"}
                nodeSelector: {pool: system}
                tolerations: [{key: system, operator: Exists}]
                affinity: {nodeAffinity: {}}
                priorityClassName: system-cluster-critical
                """);
        ObjectNode pod = OperatorPodTest.pod(manifests);
        ObjectNode container = OperatorPodTest.container(manifests);

        assertThat(container.path("image").asText()).isEqualTo("registry.example/ops/sidecar-operator:2.0");
        assertThat(container.path("imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(pod.path("imagePullSecrets")).isEqualTo(Json.parse("[{\"name\":\"registry\"}]"));
        assertThat(manifests.names("Service")).containsExactly("sidecars");
        assertThat(OperatorPodTest.environment(container, "SIDECAR_OPERATOR_NAMESPACES"))
                .isEqualTo("shop,bank");
        assertThat(manifests.only("Deployment").at("/spec/replicas").intValue()).isZero();
        assertThat(manifests.only("ServiceAccount").at("/metadata/name").asText())
                .isEqualTo("injector");
        assertThat(manifests.only("ServiceAccount").at("/metadata/annotations"))
                .isEqualTo(Json.parse("{\"cloud/role\":\"injector\"}"));
        assertThat(container.at("/resources/requests/cpu").asText()).isEqualTo("1");
        assertThat(OperatorPodTest.environment(container, "JAVA_TOOL_OPTIONS")).isEqualTo("-Xmx64m");
        assertThat(OperatorPodTest.environment(container, "TZ")).isEqualTo("UTC");
        assertThat(pod.path("terminationGracePeriodSeconds").intValue()).isEqualTo(45);
        assertThat(manifests
                        .only("Deployment")
                        .at("/spec/template/metadata/labels/team")
                        .asText())
                .isEqualTo("platform");
        assertThat(manifests.only("Deployment").at("/spec/template/metadata/annotations"))
                .isEqualTo(Json.parse("{\"note\":\"true\"}"));
        assertThat(pod.at("/nodeSelector/pool").asText()).isEqualTo("system");
        assertThat(pod.path("tolerations")).isEqualTo(Json.parse("[{\"key\":\"system\",\"operator\":\"Exists\"}]"));
        assertThat(pod.path("affinity")).isEqualTo(Json.parse("{\"nodeAffinity\":{}}"));
        assertThat(pod.path("priorityClassName").asText()).isEqualTo("system-cluster-critical");
    }

    @Test
    void digestDecidesWhenItIsGiven() {
        String digest = "sha256:" + "a".repeat(64);

        assertThat(image("image: {digest: '" + digest + "'}")).isEqualTo("localhost/sidecar-operator:0.1.0@" + digest);
    }

    @Test
    void accountThatExistsIsUsedAndNotCreated() {
        Manifests manifests = HelmChart.render("serviceAccount: {create: false, name: injector}");

        assertThat(manifests.all("ServiceAccount")).isEmpty();
        assertThat(OperatorPodTest.pod(manifests).path("serviceAccountName").asText())
                .isEqualTo("injector");
        assertThat(manifests.only("ClusterRoleBinding").at("/subjects/0/name").asText())
                .isEqualTo("injector");
    }

    @Test
    void nothingHasTheNameOfAnotherRelease() {
        Manifests manifests = HelmChart.render("team-a", "{}");

        assertThat(manifests.without("CustomResourceDefinition").objects())
                .extracting(object -> object.at("/metadata/name").asText())
                .containsOnly("team-a-sidecar-operator", "team-a-sidecar-operator-own-namespace");
        assertThat(HelmChart.render("a".repeat(53), "{}").names("Service"))
                .allSatisfy(
                        name -> assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9-]*[a-z0-9]"));
    }

    @Test
    void allNamespacesIsNoSettingAtAll() {
        assertThat(Json.objects(OperatorPodTest.container(HelmChart.render()), "env")
                        .map(variable -> variable.path("name").asText()))
                .isEqualTo(List.of(
                        "POD_NAMESPACE",
                        "SIDECAR_OPERATOR_SERVICE",
                        "SIDECAR_OPERATOR_WEBHOOK_PORT",
                        "SIDECAR_OPERATOR_HTTP_PORT"));
    }

    private static String image(String values) {
        return OperatorPodTest.container(HelmChart.render(values)).path("image").asText();
    }
}

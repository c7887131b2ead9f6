package io.sidecaroperator.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests run the operator with the account that users install, with exactly that account's permissions. */
class InstallationIT {
    private static final String REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final Map<String, String> REVIEW =
            Map.of("apiVersion", "authentication.k8s.io/v1", "kind", "SelfSubjectReview");

    private final TestCluster cluster = TestCluster.get();

    @Test
    void theOperatorIsItsServiceAccountAndMayDoWhatTheChartGrants() {
        Installation installation = Installation.install(cluster);

        try (KubernetesClient operator = TestCluster.clientOf(installation.operatorKubeconfig())) {
            assertThat(Json.parse(operator.raw(REVIEWS, "POST", REVIEW))
                            .at("/status/userInfo/username")
                            .asText())
                    .isEqualTo(installation.user());
            assertThat(operator.namespaces().list().getItems()).isNotEmpty();
            operator.apps().deployments().inAnyNamespace().list();
            assertThatThrownBy(() -> operator.secrets().inAnyNamespace().list())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("secrets is forbidden");
            assertThatThrownBy(() -> operator.pods()
                            .inNamespace("default")
                            .withName("any")
                            .get())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("cannot get resource \"pods\"");
        }
    }

    @Test
    void installingAgainChangesNothing() {
        Installation first = Installation.install(cluster);
        String before = roleVersion();

        Installation second = Installation.install(cluster);

        assertThat(roleVersion()).isEqualTo(before);
        assertThat(second.user()).isEqualTo(first.user());
    }

    private String roleVersion() {
        return cluster.kubectl(
                        "", "get", "clusterrole", "sidecar-operator", "-o", "jsonpath={.metadata.resourceVersion}")
                .ok()
                .out();
    }
}

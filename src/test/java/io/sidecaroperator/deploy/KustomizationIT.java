package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The kustomization, built by kubectl: a base that is complete, and that overlays can change. */
class KustomizationIT {
    private final TestCluster cluster = TestCluster.get();

    @Test
    void baseIsTheInstallFile() {
        Manifests built =
                Manifests.parse(cluster.kubectl("", "kustomize", "deploy").ok().out());

        assertThat(built.objects())
                .containsExactlyInAnyOrderElementsOf(
                        Manifests.parse(Checkout.read(InstallFile.PATH)).objects());
    }

    @Test
    void overlaySetsImageAndNamespace() throws IOException {
        Path overlay = Files.createDirectories(Checkout.ROOT.resolve("target/overlay"));
        Files.writeString(overlay.resolve("kustomization.yaml"), """
                namespace: platform
                resources: [../../deploy]
                images:
                - {name: localhost/sidecar-operator, newName: registry.example/sidecar-operator, newTag: "2.0"}
                """);

        Manifests built = Manifests.parse(
                cluster.kubectl("", "kustomize", overlay.toString()).ok().out());

        assertThat(OperatorPodTest.container(built).path("image").asText())
                .isEqualTo("registry.example/sidecar-operator:2.0");
        assertThat(built.only("Namespace").at("/metadata/name").asText()).isEqualTo("platform");
        ObjectNode binding = built.only("ClusterRoleBinding");
        assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo("platform");
    }
}

package io.sidecaroperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.tree.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrdTest {
    /** kubectl apply writes the whole object into an annotation, and annotations end at 262144 bytes. */
    private static final int MAX_BYTES = 200_000;

    @ParameterizedTest
    @CsvSource({
        "io.sidecaroperator.api.v1alpha1.SidecarPolicy, " + CrdYaml.POLICY_FILE,
        "io.sidecaroperator.api.v1alpha1.ClusterSidecarPolicy, " + CrdYaml.CLUSTER_POLICY_FILE
    })
    void committed_crd_is_the_generated_one(Class<? extends CustomResource<?, ?>> type, String file)
            throws IOException {
        var crd = CrdFactory.crd(type);
        String yaml = CrdYaml.write(crd);
        Path path = Checkout.ROOT.resolve(file);
        if (System.getProperty("crds.update") != null) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, yaml);
        }
        assertThat(path).as("bring the CRDs up to date with: " + CrdYaml.UPDATE).exists();
        assertThat(Checkout.read(file))
                .as("the classes have changed; bring the CRDs up to date with: " + CrdYaml.UPDATE)
                .isEqualTo(yaml);
        assertThat(CrdYaml.read(file)).isEqualTo(crd);
        assertThat(Json.text(crd).length()).isLessThan(MAX_BYTES);
    }
}

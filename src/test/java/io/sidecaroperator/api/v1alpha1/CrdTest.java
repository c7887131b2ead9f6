package io.sidecaroperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Crds;
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
        "io.sidecaroperator.api.v1alpha1.SidecarPolicy, " + Crds.POLICY_FILE,
        "io.sidecaroperator.api.v1alpha1.ClusterSidecarPolicy, " + Crds.CLUSTER_POLICY_FILE
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
        assertThat(path).as("write it with: " + CrdYaml.UPDATE).exists();
        assertThat(Checkout.read(file).equals(yaml))
                .as(file + " is not what the classes say; bring it up to date with: " + CrdYaml.UPDATE)
                .isTrue();
        assertThat(Crds.read(file).equals(Json.parse(Json.text(crd))))
                .as(file + " reads back as what was written")
                .isTrue();
        assertThat(Json.text(crd).length()).isLessThan(MAX_BYTES);
    }
}

package io.sidecaroperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Crds;
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
        "io.sidecaroperator.api.v1alpha1.SidecarPolicy, sidecarpolicies",
        "io.sidecaroperator.api.v1alpha1.ClusterSidecarPolicy, clustersidecarpolicies"
    })
    void committedCrdIsTheGeneratedOne(Class<? extends CustomResource<?, ?>> type, String name) throws IOException {
        ObjectNode crd = CrdFactory.crd(type);

        requireCommitted("crds/" + name + ".yaml", CrdYaml.write(crd));
        requireCommitted("src/main/resources/crds/" + name + ".json", Json.text(crd) + "\n");

        assertThat(Crds.read("crds/" + name + ".yaml").equals(Json.parse(Json.text(crd))))
                .as("the YAML reads back as what was written")
                .isTrue();
        assertThat(Json.text(crd).length()).isLessThan(MAX_BYTES);
    }

    private static void requireCommitted(String file, String text) throws IOException {
        Path path = Checkout.ROOT.resolve(file);
        if (System.getProperty("crds.update") != null) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        }
        assertThat(path).as("write it with: " + CrdYaml.UPDATE).exists();
        assertThat(Checkout.read(file).equals(text))
                .as(file + " is not what the classes say; bring it up to date with: " + CrdYaml.UPDATE)
                .isTrue();
    }
}

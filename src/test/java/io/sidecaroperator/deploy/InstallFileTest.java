package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is rendered or copied equals its source; {@code -Ddeploy.update} makes it so. */
class InstallFileTest {
    private static final String FIX = "run: mvn test -Dtest=InstallFileTest -Ddeploy.update, then commit what it wrote";
    private static final String SOURCE = "crds";
    private static final String COPIES = HelmChart.FOLDER + "/crds";

    @BeforeAll
    static void updateWhenAsked() throws IOException {
        if (System.getProperty("deploy.update") == null) {
            return;
        }
        Path folder = Files.createDirectories(Checkout.ROOT.resolve(COPIES));
        Map<String, String> wanted = InstallFile.files(SOURCE);
        for (String copy : InstallFile.files(COPIES).keySet()) {
            if (!wanted.containsKey(copy)) {
                Files.delete(folder.resolve(copy));
            }
        }
        for (Map.Entry<String, String> crd : wanted.entrySet()) {
            Files.writeString(folder.resolve(crd.getKey()), crd.getValue());
        }
        Files.writeString(Checkout.ROOT.resolve(InstallFile.PATH), InstallFile.render());
    }

    @Test
    void chartCarriesTheGeneratedCrds() {
        assertThat(InstallFile.files(COPIES)).as(FIX).isEqualTo(InstallFile.files(SOURCE));
    }

    @Test
    void installFileIsTheRenderedChart() {
        assertThat(Checkout.read(InstallFile.PATH)).as(FIX).isEqualTo(InstallFile.render());
    }

    @Test
    void everythingIsThereInAnOrderThatApplies() {
        List<String> expected = new ArrayList<>(List.of("Namespace"));
        InstallFile.files(SOURCE).keySet().forEach(crd -> expected.add("CustomResourceDefinition"));
        expected.addAll(List.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Service", "Deployment"));

        assertThat(Manifests.parse(Checkout.read(InstallFile.PATH)).kinds()).isEqualTo(expected);
    }

    @Test
    void everyNamespacedObjectNamesItsNamespace() {
        Manifests manifests = Manifests.parse(Checkout.read(InstallFile.PATH));

        for (String kind : new String[] {"ServiceAccount", "Service", "Deployment"}) {
            assertThat(manifests.only(kind).path("metadata").path("namespace").asText())
                    .as(kind)
                    .isEqualTo(manifests
                            .only("Namespace")
                            .path("metadata")
                            .path("name")
                            .asText());
        }
    }
}

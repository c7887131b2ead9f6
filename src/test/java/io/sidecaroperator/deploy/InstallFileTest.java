package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is rendered or copied equals its source; {@code -Ddeploy.update} makes it so. */
class InstallFileTest {
    private static final String FIX = "run: mvn test -Dtest=InstallFileTest -Ddeploy.update, then commit what it wrote";
    private static final Path CRDS = Checkout.ROOT.resolve("crds");
    private static final Path COPIES = Checkout.ROOT.resolve(HelmChart.FOLDER).resolve("crds");

    @BeforeAll
    static void updateWhenAsked() throws IOException {
        if (System.getProperty("deploy.update") == null) {
            return;
        }
        Map<String, String> wanted = files(CRDS);
        for (String copy : files(COPIES).keySet()) {
            if (!wanted.containsKey(copy)) {
                Files.delete(COPIES.resolve(copy));
            }
        }
        Files.createDirectories(COPIES);
        for (Map.Entry<String, String> crd : wanted.entrySet()) {
            Files.writeString(COPIES.resolve(crd.getKey()), crd.getValue());
        }
        Files.writeString(Checkout.ROOT.resolve(InstallFile.PATH), InstallFile.render());
    }

    @Test
    void chartCarriesTheGeneratedCrds() throws IOException {
        assertThat(files(COPIES)).as(FIX).isEqualTo(files(CRDS));
    }

    @Test
    void installFileIsTheRenderedChart() {
        assertThat(Checkout.read(InstallFile.PATH)).as(FIX).isEqualTo(InstallFile.render());
    }

    @Test
    void everyObjectIsThereInAnOrderThatApplies() throws IOException {
        Manifests manifests = Manifests.parse(Checkout.read(InstallFile.PATH));

        assertThat(manifests.without("CustomResourceDefinition").kinds())
                .containsExactly(
                        "Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Service", "Deployment");
        assertThat(manifests.all("CustomResourceDefinition"))
                .hasSameSizeAs(files(CRDS).keySet());
        assertThat(manifests.kinds().indexOf("ServiceAccount"))
                .as("CRDs come before what uses them")
                .isEqualTo(files(CRDS).size() + 1);
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

    private static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> paths = Files.list(folder)) {
                for (Path path : paths.toList()) {
                    files.put(path.getFileName().toString(), Files.readString(path, StandardCharsets.UTF_8));
                }
            }
        }
        return files;
    }
}

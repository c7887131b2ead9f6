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

/** Rendered and copied files equal their sources; {@code -Ddeploy.update} updates them. */
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
        Map<String, String> sources = InstallFile.files(SOURCE);
        Map<String, String> copies = InstallFile.files(COPIES);

        assertThat(copies.keySet()).as(FIX).isEqualTo(sources.keySet());
        sources.forEach((name, source) -> assertUpToDate(COPIES + "/" + name, copies.getOrDefault(name, ""), source));
    }

    @Test
    void installFileIsTheRenderedChart() {
        assertUpToDate(InstallFile.PATH, Checkout.read(InstallFile.PATH), InstallFile.render());
    }

    @Test
    void everythingIsThereInAnOrderThatApplies() {
        List<String> expected = new ArrayList<>(List.of("Namespace"));
        InstallFile.files(SOURCE).keySet().forEach(crd -> expected.add("CustomResourceDefinition"));
        expected.addAll(List.of(
                "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service", "Deployment"));

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

    /** Shows the first line that differs, instead of two files of thousands of lines. */
    private static void assertUpToDate(String path, String actual, String wanted) {
        List<String> is = actual.lines().toList();
        List<String> should = wanted.lines().toList();
        int same = 0;
        while (same < Math.min(is.size(), should.size()) && is.get(same).equals(should.get(same))) {
            same++;
        }
        assertThat(actual.equals(wanted))
                .as(
                        "%s is out of date: line %d is%n  %s%nand should be%n  %s%n%s",
                        path, same + 1, lineOf(is, same), lineOf(should, same), FIX)
                .isTrue();
    }

    private static String lineOf(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "(the end)";
    }
}

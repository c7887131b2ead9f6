package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tools/release/release}, on a copy of the files that it reads, at a version that can be released. */
class ReleaseScriptTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String VERSION =
            HelmChart.file("Chart.yaml").path("version").asText();
    private static final String IMAGE = "ghcr.io/me/sidecar-operator";
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String REFERENCE = IMAGE + ":" + VERSION + "@" + DIGEST;
    private static final String URL = "https://github.com/me/sidecar-operator";
    private static final String POM_VERSION = "<version>" + VERSION + "</version>";

    @TempDir
    private Path directory;

    private Path root;

    @BeforeEach
    void copy() throws IOException {
        root = directory.resolve("root");
        for (String path : List.of("pom.xml", "CHANGELOG.md", "deploy")) {
            Path source = Checkout.ROOT.resolve(path);
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = root.resolve(Checkout.ROOT.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        edit("pom.xml", "<version>" + VERSION + "-SNAPSHOT</version>", POM_VERSION);
        edit("CHANGELOG.md", "## Unreleased", "## " + VERSION + " - 2026-01-31");
    }

    @Test
    void aTagThatFitsIsAccepted() {
        Program.Result result = release("check", "v" + VERSION).ok();
        assertThat(result.out() + result.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pom.xml, <version>VERSION</version>, <version>VERSION-SNAPSHOT</version>, pom.xml has the version VERSION-SNAPSHOT",
        "deploy/helm/sidecar-operator/Chart.yaml, version: VERSION, version: 9.9.9, Chart.yaml has the version 9.9.9",
        "deploy/helm/sidecar-operator/Chart.yaml, appVersion: \"VERSION\", appVersion: \"9.9.9\", Chart.yaml has the appVersion 9.9.9",
        "CHANGELOG.md, ## VERSION -, ## Unreleased -, CHANGELOG.md says nothing under \"## VERSION\"",
    })
    void aTagThatDoesNotFitIsRefusedByWhatIsDifferent(String file, String old, String fresh, String message)
            throws IOException {
        edit(file, old.replace("VERSION", VERSION), fresh.replace("VERSION", VERSION));

        Program.Result result = release("check", "v" + VERSION);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("tools/release: the tag is v%s, but %s%n"
                        .formatted(VERSION, message.replace("VERSION", VERSION)));
    }

    @ParameterizedTest
    @CsvSource({"0.1.0", "v0.1", "v0.1.0-rc.1", "version"})
    void aTagOfAnotherFormIsRefused(String tag) {
        Program.Result result = release("check", tag);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("the tag " + tag + " is not of the form v1.2.3");
    }

    @Test
    void notesAreTheVersionsOwn() throws IOException {
        edit("CHANGELOG.md", "## " + VERSION, "## 9.9.9\n\n- Later.\n\n## " + VERSION);
        Files.writeString(root.resolve("CHANGELOG.md"), read("CHANGELOG.md") + "\n## 0.0.1\n\n- Earlier.\n");

        assertThat(release("notes").ok().out())
                .startsWith("### Added\n")
                .contains("`SidecarPolicy`")
                .doesNotContain("Later.", "Earlier.", "## 0.0.1");
    }

    @Test
    void theChartNamesTheImageThatWasPushed() throws IOException {
        Path chart = directory.resolve("out/sidecar-operator");
        release("chart", chart.toString(), IMAGE, DIGEST, URL).ok();

        Manifests rendered = Manifests.parse(new Helm(chart)
                .template()
                .withName("sidecar-operator")
                .withNamespace(HelmChart.NAMESPACE)
                .withKubeVersion(HelmChart.KUBERNETES)
                .call());
        assertThat(OperatorPodTest.container(rendered).path("image").asText()).isEqualTo(REFERENCE);

        LintResult lint = new Helm(chart).lint().strict().call();
        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();

        ObjectNode metadata = Manifests.parse(Files.readString(chart.resolve("Chart.yaml")))
                .objects()
                .get(0);
        assertThat(metadata.path("home").asText()).isEqualTo(URL);
        assertThat(metadata.at("/annotations/artifacthub.io~1license").asText()).isEqualTo("Apache-2.0");
        assertThat(metadata.at("/annotations/artifacthub.io~1images").asText())
                .isEqualTo("- name: sidecar-operator\n  image: " + REFERENCE + "\n");
        assertThat(Files.readString(chart.resolve("README.md")))
                .contains("| `image.repository` | `\"" + IMAGE + "\"` |", "| `image.digest` | `\"" + DIGEST + "\"` |")
                .doesNotContain("localhost");
        assertThat(read("deploy/helm/sidecar-operator/values.yaml"))
                .as("the chart in the checkout stays as it is")
                .isEqualTo(Checkout.read("deploy/helm/sidecar-operator/values.yaml"));
    }

    @Test
    void aLineThatIsNotThereIsNoSilentChart() throws IOException {
        edit("deploy/helm/sidecar-operator/values.yaml", "  digest: \"\"", "  digest: ''");

        Program.Result result = release("chart", directory.resolve("out").toString(), IMAGE, DIGEST, URL);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("values.yaml has the line \"  digest: \"\"\" 0 times, not 1");
    }

    @ParameterizedTest
    @CsvSource({"ghcr.io/Me/sidecar-operator, DIGEST, ghcr.io/Me", IMAGE + ", sha256:12, sha256:12 is not a digest"})
    void anImageThatNoRegistryCanHaveIsRefused(String image, String digest, String message) {
        Program.Result result = release("install", image, digest.replace("DIGEST", DIGEST));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains(message);
    }

    @Test
    void theInstallFileNamesTheImageThatWasPushed() {
        Manifests installed =
                Manifests.parse(release("install", IMAGE, DIGEST).ok().out());

        assertThat(OperatorPodTest.container(installed).path("image").asText()).isEqualTo(REFERENCE);
        assertThat(installed.kinds())
                .isEqualTo(Manifests.parse(Checkout.read("deploy/install.yaml")).kinds());
    }

    @Test
    void krewsManifestHasTheArchivesAddressAndSum() throws IOException {
        Path archive = Files.writeString(directory.resolve("archive.tar.gz"), "abc");
        String address = URL + "/releases/download/v" + VERSION + "/archive.tar.gz";

        ObjectNode manifest = Manifests.parse(
                        release("krew", URL, address, archive.toString()).ok().out())
                .only("Plugin");
        assertThat(manifest.at("/spec/version").asText()).isEqualTo("v" + VERSION);
        assertThat(manifest.at("/spec/homepage").asText()).isEqualTo(URL);
        assertThat(manifest.at("/spec/platforms/0/uri").asText()).isEqualTo(address);
        assertThat(manifest.at("/spec/platforms/0/sha256").asText())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(manifest.toString()).doesNotContain("${");
    }

    @Test
    void checksumsAreThoseThatSha256sumChecks() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("dist"));
        Files.writeString(folder.resolve("a b.txt"), "abc");
        Files.writeString(folder.resolve("c.yaml"), "");
        release("checksums", folder.toString()).ok();
        release("checksums", folder.toString()).ok();

        Program.Result checked = Program.run(
                List.of("env", "-C", folder.toString(), "sha256sum", "-c", "SHA256SUMS"), Map.of(), "", LIMIT);
        assertThat(checked.ok().out()).isEqualTo("a b.txt: OK\nc.yaml: OK\n");
    }

    @Test
    void theBaseOfTheImageIsPinnedByItsDigest() {
        assertThat(release("base").ok().out()).matches("[a-z0-9./-]+:[a-z0-9-]+@sha256:[0-9a-f]{64}\n");
    }

    @Test
    void anythingElsePrintsHowItIsUsed() {
        for (String[] arguments : new String[][] {{}, {"publish"}, {"check"}, {"chart", "folder"}}) {
            Program.Result result = release(arguments);
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).startsWith("usage: tools/release/release COMMAND\n");
        }
    }

    private Program.Result release(String... arguments) {
        return Program.run(
                Stream.concat(Stream.of("tools/release/release"), Stream.of(arguments))
                        .toList(),
                Map.of("SIDECAR_RELEASE_ROOT", root.toString()),
                "",
                LIMIT);
    }

    private String read(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    /** Replaces the first place with a text. A file that has it already in its new form is left. */
    private void edit(String path, String old, String fresh) throws IOException {
        String text = read(path);
        int at = text.indexOf(old);
        assertThat(at >= 0 || text.contains(fresh)).as("%s has %s", path, old).isTrue();
        if (at >= 0) {
            Files.writeString(root.resolve(path), text.substring(0, at) + fresh + text.substring(at + old.length()));
        }
    }
}

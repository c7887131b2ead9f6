package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that users download, unpacked in a directory and put on a PATH. */
class ReleaseIT {
    private static final String POLICY = "examples/log-collector/policy.yaml";
    private static final String APP = "examples/log-collector/app.yaml";

    /** A line of the list: group and artifact, and the licences that it offers. */
    private static final Pattern LIBRARY = Pattern.compile("\\S+:(\\S+)  (\\S.*)");

    private final TestCluster cluster = TestCluster.get();

    @TempDir
    private Path directory;

    private Path release;

    @BeforeEach
    void unpack() throws IOException {
        Path archive = archive();
        try (InputStream file = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)));
                TarArchiveInputStream tar = new TarArchiveInputStream(file)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = directory.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                    assertThat(target.toFile().setExecutable((entry.getMode() & 0100) != 0))
                            .isTrue();
                }
            }
        }
        release = directory.resolve(archive.getFileName().toString().replace(".tar.gz", ""));
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (String name : List.of("sidecar", "kubectl-sidecar", "kubectl_complete-sidecar")) {
            Files.createSymbolicLink(bin.resolve(name), release.resolve(name));
        }
    }

    @Test
    void itInjectsAsTheCheckoutDoes() {
        String expected =
                CommandRun.of("", "inject", "--policy", POLICY, "-f", APP).ok();
        assertThat(bash("sidecar inject --policy " + POLICY + " -f " + APP).ok().out())
                .isEqualTo(expected);
        assertThat(bash("kubectl sidecar inject --policy " + POLICY + " -f " + APP)
                        .ok()
                        .out())
                .isEqualTo(expected);
        assertThat(bash("sidecar version").ok().out()).startsWith("sidecar-operator 0.");
    }

    @Test
    void theFirstRunArchivesTheClassesForTheNextOnes() {
        Path classes = directory.resolve("cache/sidecar-operator/classes");
        bash("unset SIDECAR_NO_CLASS_ARCHIVE; sidecar version").ok();
        Awaitility.await()
                .atMost(Duration.ofMinutes(6))
                .until(() -> Files.isDirectory(classes)
                        && names(classes).allMatch(name -> name.endsWith(".jsa"))
                        && names(classes).count() == 1);

        // With -Xshare:on, the JVM ends at once if the archive does not fit.
        assertThat(bash("SIDECAR_JAVA_OPTS=-Xshare:on sidecar version").ok().out())
                .startsWith("sidecar-operator 0.");
        assertThat(names(classes).toList()).as("it is created only once").hasSize(1);
    }

    @Test
    void kubectlCompletesThePlugin() {
        assertThat(bash("kubectl __complete sidecar unin").ok().out().lines()).contains("uninject");
        assertThat(bash("kubectl __complete sidecar inject --str").ok().out().lines())
                .contains("--strict");
    }

    @Test
    void whatNeedsACheckoutSaysSo() {
        Program.Result demo = bash("sidecar demo");
        assertThat(demo.exitCode()).isNotZero();
        assertThat(demo.err()).contains("checkout").doesNotContain("Exception");
    }

    @Test
    void kubectlsPluginManagerFindsWhatItsManifestNames() throws IOException {
        JsonNode manifest =
                Manifests.parse(Checkout.read("deploy/krew/sidecar.yaml")).only("Plugin");
        JsonNode platform = manifest.at("/spec/platforms/0");

        assertThat(manifest.at("/spec/shortDescription").asText().length()).isLessThan(50);
        String pattern = platform.at("/files/0/from").asText();
        var glob = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        try (Stream<Path> files = Files.list(release)) {
            assertThat(files.map(directory::relativize)
                            .filter(glob::matches)
                            .map(file -> file.getFileName().toString()))
                    .contains(platform.path("bin").asText(), "sidecar", "sidecar-operator.jar", "lib");
        }
    }

    @Test
    void everythingItsManPagesSpeakOfIsThere() throws IOException {
        try (Stream<Path> pages = Files.list(release.resolve("man/man1"))) {
            assertThat(pages.map(page -> page.getFileName().toString())).contains("sidecar.1", "sidecar-inject.1");
        }
        assertThat(release.resolve("LICENSE")).exists();
        assertThat(release.resolve("crds/sidecarpolicies.yaml")).exists();
    }

    @Test
    void everyLibraryHasItsLicence() throws IOException {
        assertThat(release.resolve("NOTICE")).exists();
        Map<String, List<String>> licences = new TreeMap<>();
        Files.readAllLines(release.resolve("licenses/THIRD-PARTY.txt")).stream()
                .map(LIBRARY::matcher)
                .filter(Matcher::matches)
                .forEach(line ->
                        licences.put(line.group(1), List.of(line.group(2).split(" or "))));

        try (Stream<Path> jars = Files.list(release.resolve("lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString().replaceFirst("-\\d.*", "")))
                    .as("libraries; mvn generate-resources -Prelease writes licenses/THIRD-PARTY.txt anew")
                    .containsExactlyInAnyOrderElementsOf(licences.keySet());
        }
        assertThat(licences.values().stream().flatMap(List::stream).distinct())
                .allSatisfy(licence -> assertThat(release.resolve(
                                licence.equals("Apache-2.0") ? "LICENSE" : "licenses/" + licence + ".txt"))
                        .isNotEmptyFile());
    }

    private static Path archive() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(Checkout.ROOT.resolve("target"))) {
            files.filter(file -> file.toString().endsWith(".tar.gz")).forEach(found::add);
        }
        assertThat(found).as("the archive of 'mvn package'").hasSize(1);
        return found.get(0);
    }

    private static Stream<String> names(Path directory) {
        String[] names = directory.toFile().list();
        return names == null ? Stream.of() : Stream.of(names);
    }

    private Program.Result bash(String command) {
        String path = directory.resolve("bin") + ":" + cluster.variable("PATH") + ":" + System.getenv("PATH");
        return Program.run(
                List.of("bash", "-c", command),
                Map.of(
                        "PATH",
                        path,
                        "XDG_CACHE_HOME",
                        directory.resolve("cache").toString(),
                        "SIDECAR_NO_CLASS_ARCHIVE",
                        "of use to one test only",
                        "KUBECONFIG",
                        cluster.variable("KUBECONFIG")),
                "",
                Duration.ofMinutes(6));
    }
}

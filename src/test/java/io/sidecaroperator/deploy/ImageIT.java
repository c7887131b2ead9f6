package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.OperatorImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/** The image that {@code tools/image build} makes: its form, its size and what is in it. That it runs is shown on a node. */
class ImageIT {
    private static final long MOST_COMPRESSED_BYTES = 110_000_000;

    private final Map<String, byte[]> archive = archive(OperatorImage.path());
    private final JsonNode manifest = json("manifest.json").path(0);
    private final JsonNode image = json(manifest.path("Config").asText());
    private final JsonNode config = image.path("config");

    ImageIT() throws IOException {}

    @Test
    void itIsTheImageThatTheChartAsksFor() {
        JsonNode container = OperatorPodTest.container(HelmChart.render());

        assertThat(texts(manifest.path("RepoTags")))
                .containsExactly(container.path("image").asText());
        assertThat(config.path("Cmd")).isEqualTo(container.path("args"));
        ObjectNode chart = HelmChart.file("Chart.yaml");
        assertThat(config.at("/Labels/org.opencontainers.image.version").asText())
                .isEqualTo(chart.path("appVersion").asText());
    }

    /** A kubelet that is to run a container as non-root needs a number: it cannot look a name up. */
    @Test
    void itsUserIsANumberThatIsNotRoot() {
        assertThat(config.path("User").asText()).matches("[1-9][0-9]*:[1-9][0-9]*");
    }

    @Test
    void itIsSmall() {
        assertThat(layers().mapToLong(layer -> layer.length).sum()).isBetween(20_000_000L, MOST_COMPRESSED_BYTES);
    }

    @Test
    void thereIsNoShellInItAndNothingOfADistribution() throws IOException {
        Map<String, TarArchiveEntry> files = files();

        assertThat(files)
                .containsKeys(
                        "usr/lib/jvm/java/bin/java",
                        "app/operator.aot",
                        "app/classpath/sidecar-operator.jar",
                        "usr/lib/jvm/java/legal/java.base/LICENSE",
                        "licenses/NOTICE",
                        "licenses/THIRD-PARTY.txt");
        assertThat(files.keySet()).noneMatch(file -> file.matches("(usr/)?s?bin/.*"));
        assertThat(files.values()).noneMatch(file -> (file.getMode() & 06000) != 0);
        assertThat(file("app/operator.aot").getSize()).isGreaterThan(20_000_000);
    }

    /** Programs that a layer brings must be executable, and nothing else needs to be. */
    @Test
    void whatRunsIsExecutable() throws IOException {
        assertThat(file("usr/lib/jvm/java/bin/java").getMode() & 0111).isEqualTo(0111);
        assertThat(file("usr/lib/jvm/java/lib/jspawnhelper").getMode() & 0111).isEqualTo(0111);
    }

    @Test
    void itCarriesItsFlagsSoThatTheChartNeedsNone() {
        assertThat(texts(config.path("Entrypoint")))
                .startsWith("java")
                .contains("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=/app/operator.aot")
                .endsWith("io.sidecaroperator.Main");
    }

    private Stream<byte[]> layers() {
        return texts(manifest.path("Layers")).stream().map(archive::get);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private TarArchiveEntry file(String path) throws IOException {
        return Optional.ofNullable(files().get(path)).orElseThrow(() -> new AssertionError("there is no " + path));
    }

    private Map<String, TarArchiveEntry> files() throws IOException {
        Map<String, TarArchiveEntry> files = new TreeMap<>();
        for (byte[] layer : layers().toList()) {
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(layer)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    files.put(entry.getName().replaceFirst("^\\./", "").replaceFirst("^/", ""), entry);
                }
            }
        }
        return files;
    }

    private JsonNode json(String name) {
        return Json.parse(new String(archive.get(name), StandardCharsets.UTF_8));
    }

    private static Map<String, byte[]> archive(Path file) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (InputStream in = Files.newInputStream(file);
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), tar.readAllBytes());
            }
        }
        return entries;
    }
}

package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The operator's image as files, so that a test runs its very Java runtime, classes, AOT cache and JVM options without a
 * container.
 */
public final class UnpackedImage implements AutoCloseable {
    private static final String APP = "/app/";
    private static final String JAVA = "/usr/lib/jvm/java/bin/java";

    private final Path root;
    private final JsonNode config;

    private UnpackedImage(Path root, JsonNode config) {
        this.root = root;
        this.config = config;
    }

    /** Unpacks the image of this build. Skips the test where it cannot be built. */
    public static UnpackedImage unpack() throws IOException {
        Path image = OperatorImage.path();
        Path directory = Files.createTempDirectory(Checkout.ROOT.resolve("target"), "unpacked-image-");
        tar("-xf", image, directory);
        JsonNode manifest =
                Json.parse(Files.readString(directory.resolve("manifest.json"))).path(0);
        for (JsonNode layer : manifest.path("Layers")) {
            tar("-xzf", directory.resolve(layer.asText()), directory);
        }
        JsonNode config = Json.parse(
                Files.readString(directory.resolve(manifest.path("Config").asText())));
        return new UnpackedImage(directory, config.path("config"));
    }

    /** Returns the command that the image starts, by its entry point, with more options of the JVM after its own. */
    public List<String> command(List<String> more) throws IOException {
        List<String> command = new ArrayList<>();
        for (JsonNode word : config.path("Entrypoint")) {
            String text = word.asText();
            if (command.isEmpty()) {
                command.add(root + JAVA);
            } else if (text.startsWith("@")) {
                command.add(here(Files.readString(root.resolve(text.substring(2)))));
            } else {
                if (text.equals("-cp")) {
                    command.addAll(more);
                }
                command.add(here(text));
            }
        }
        return command;
    }

    /** Returns the environment that the image sets. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (JsonNode variable : config.path("Env")) {
            String[] parts = variable.asText().split("=", 2);
            environment.put(parts[0], parts[1]);
        }
        return environment;
    }

    private String here(String text) {
        return text.replace(APP, root + APP);
    }

    private static void tar(String what, Path file, Path directory) {
        Program.run(
                        List.of("tar", "--no-same-owner", what, file.toString(), "-C", directory.toString()),
                        Map.of(),
                        "",
                        Duration.ofMinutes(5))
                .ok();
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

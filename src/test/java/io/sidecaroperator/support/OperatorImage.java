package io.sidecaroperator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operator's image, made by {@code tools/image} from the jar of this build. */
public final class OperatorImage {
    private static final Path TARGET = Checkout.ROOT.resolve("target");

    private OperatorImage() {}

    /** Returns its archive. Builds it when there is none of the present jar. Skips the test where it cannot be built. */
    public static Path path() {
        RealThings.assume("tools/image");
        return build();
    }

    /** Builds it where that is possible, unless it is there. */
    static void buildIfPossible() {
        if (RealThings.possible("tools/image")) {
            build();
        }
    }

    private static Path build() {
        try (FileChannel channel =
                FileChannel.open(TARGET.resolve("image.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            Path built = archive();
            if (built == null || isNewer(TARGET.resolve("sidecar-operator.jar"), built)) {
                Program.run(
                                List.of("bash", "tools/image", "build"),
                                Map.of("SIDECAR_NO_BUILD", "1"),
                                "",
                                Duration.ofMinutes(15))
                        .ok();
                built = archive();
            }
            if (built == null) {
                throw new AssertionError("tools/image build has left no archive in target/image");
            }
            return built;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Path archive() throws IOException {
        if (!Files.isDirectory(TARGET.resolve("image"))) {
            return null;
        }
        try (Stream<Path> files = Files.list(TARGET.resolve("image"))) {
            return files.filter(file -> file.getFileName().toString().matches("sidecar-operator-.*\\.tar"))
                    .findFirst()
                    .orElse(null);
        }
    }

    private static boolean isNewer(Path one, Path other) throws IOException {
        return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) > 0;
    }
}

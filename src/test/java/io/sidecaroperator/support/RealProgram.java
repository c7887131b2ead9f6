package io.sidecaroperator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real program that examples need, built by Go from a module of {@code tools} at first use. It is kept in the user's
 * cache under a hash of its sources. So a later run starts at once, and a changed module is built again.
 */
public enum RealProgram {
    COLLECTOR("example-programs/collector", "."),
    RCLONE("example-programs/rclone", "."),
    CADDY("example-programs/caddy", "tool"),
    STATSD_EXPORTER("example-programs/statsd-exporter", "tool"),
    KUSTOMIZE("kustomize", "tool");

    private final Path sources;

    private final String module;
    private final String target;

    RealProgram(String folder, String target) {
        this.sources = Checkout.ROOT.resolve("tools").resolve(folder);
        this.module = sources.getFileName().toString();
        this.target = target;
    }

    /** Returns the path of its executable. */
    public Path path() {
        Path built = cache().resolve(module + "-" + hash(sources)).resolve(module);
        if (!Files.isExecutable(built)) {
            build(sources, built);
        }
        return built;
    }

    private void build(Path sources, Path built) {
        try {
            Files.createDirectories(cache());
            Path lock = cache().resolve(module + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                if (Files.isExecutable(built)) {
                    return;
                }
                System.out.println("building " + module + " with Go: minutes, once");
                Path fresh = Files.createTempDirectory(cache(), module + ".");
                Path output = fresh.resolve(module);
                Program.run(
                                List.of(
                                        "go",
                                        "-C",
                                        sources.toString(),
                                        "build",
                                        "-buildvcs=false",
                                        "-trimpath",
                                        "-ldflags=-s -w",
                                        "-o",
                                        output.toString(),
                                        target),
                                Map.of("CGO_ENABLED", "0"),
                                "",
                                Duration.ofMinutes(30))
                        .ok();
                Files.move(fresh, built.getParent(), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path cache() {
        String home = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(path -> path.startsWith("/"))
                .orElse(System.getProperty("user.home") + "/.cache");
        return Path.of(home, "sidecar-operator", "programs");
    }

    private static String hash(Path sources) {
        try (Stream<Path> files = Files.list(sources)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files.sorted().toList()) {
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

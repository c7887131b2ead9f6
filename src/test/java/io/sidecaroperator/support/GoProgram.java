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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program that Go builds from a module of {@code tools} at first use. It is kept in the user's cache under a hash of
 * its sources. So a later run starts at once, and a changed module is built again.
 *
 * @param name the file name of the program
 * @param sources the folder of its module
 * @param modFile the file that takes the place of {@code go.mod}; usually {@code go.mod} itself
 * @param target what to build: {@code .} or {@code tool}
 */
record GoProgram(String name, Path sources, String modFile, String target) {

    /** Returns where its executable is, or will be. {@code tools/example-programs/images} keeps it at the same place. */
    Path place() {
        return cache().resolve(name + "-" + hash()).resolve(name);
    }

    /** Returns the path of its executable. */
    Path path() {
        Path built = place();
        if (!Files.isExecutable(built)) {
            build(built);
        }
        return built;
    }

    private void build(Path built) {
        try {
            Files.createDirectories(cache());
            Path lock = cache().resolve(name + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                if (Files.isExecutable(built)) {
                    return;
                }
                System.out.println("building " + name + " with Go: minutes, once");
                Path fresh = Files.createTempDirectory(cache(), name + ".");
                Program.run(command(fresh.resolve(name)), Map.of("CGO_ENABLED", "0"), "", Duration.ofMinutes(30))
                        .ok();
                keep(fresh, built);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void keep(Path fresh, Path built) throws IOException {
        try {
            Files.move(fresh, built.getParent(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // The script, which does not know this lock, may have built the same in the meantime.
            if (!Files.isExecutable(built)) {
                throw e;
            }
        }
    }

    private List<String> command(Path output) {
        List<String> command = new ArrayList<>(List.of("go", "-C", sources.toString(), "build", "-buildvcs=false"));
        if (!modFile.equals("go.mod")) {
            command.add("-modfile=" + modFile);
        }
        command.addAll(List.of("-trimpath", "-ldflags=-s -w", "-o", output.toString(), target));
        return command;
    }

    private static Path cache() {
        String home = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(path -> path.startsWith("/"))
                .orElse(System.getProperty("user.home") + "/.cache");
        return Path.of(home, "sidecar-operator", "programs");
    }

    /** The hash of the sources and of the files that pin its modules. */
    private String hash() {
        String pins = modFile.substring(0, modFile.length() - ".mod".length());
        try (Stream<Path> files = Files.list(sources)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files.filter(file -> isSource(file, pins)).sorted().toList()) {
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static boolean isSource(Path file, String pins) {
        String name = file.getFileName().toString();
        boolean isPin = name.endsWith(".mod") || name.endsWith(".sum");
        return name.endsWith(".go") || isPin && (name.equals(pins + ".mod") || name.equals(pins + ".sum"));
    }
}

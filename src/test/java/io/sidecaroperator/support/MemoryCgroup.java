package io.sidecaroperator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A memory cgroup with a limit, as the kubelet makes one for a container: a process in it that needs more is killed.
 * Works with both versions of cgroups.
 */
public final class MemoryCgroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int KILLED = 137;

    private final Path directory;
    private final Names names;

    /** What the two versions of cgroups call the same things. */
    private record Names(String limit, String swap, String usage, String peak, String kills) {
        static final Names V1 = new Names(
                "memory.limit_in_bytes",
                "memory.memsw.limit_in_bytes",
                "memory.usage_in_bytes",
                "memory.max_usage_in_bytes",
                "memory.oom_control");
        static final Names V2 =
                new Names("memory.max", "memory.swap.max", "memory.current", "memory.peak", "memory.events");
    }

    private MemoryCgroup(Path directory, Names names) {
        this.directory = directory;
        this.names = names;
    }

    /** Creates one with a limit in bytes. Skips the test, and prints why, where that is not possible. */
    public static MemoryCgroup of(long limit) {
        boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
        Path parent = unified ? ROOT : ROOT.resolve("memory");
        try {
            if (unified) {
                Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory");
            }
            Path directory = Files.createTempDirectory(parent, "sidecar-memory-");
            MemoryCgroup created = new MemoryCgroup(directory, unified ? Names.V2 : Names.V1);
            created.limit(limit, unified);
            return created;
        } catch (IOException e) {
            throw RealThings.skip("this process can make no memory cgroup in " + parent + " (" + e + ")");
        }
    }

    private void limit(long bytes, boolean unified) throws IOException {
        Files.writeString(directory.resolve(names.limit()), String.valueOf(bytes));
        Path swap = directory.resolve(names.swap());
        if (Files.exists(swap)) {
            Files.writeString(swap, unified ? "0" : String.valueOf(bytes));
        }
    }

    /** Returns a command that runs another one inside. */
    public List<String> command(List<String> command) {
        List<String> inside = new ArrayList<>(
                List.of("/bin/sh", "-c", "echo $$ > \"$0\" && exec \"$@\"", directory.resolve("cgroup.procs") + ""));
        inside.addAll(command);
        return inside;
    }

    /** Returns what its processes have at this moment, in MiB. */
    public long usageMiB() {
        return mebibytes(names.usage());
    }

    /** Returns the most that they had, in MiB. */
    public long peakMiB() {
        return mebibytes(names.peak());
    }

    /** Whether the kernel has killed a process for the limit. The exit code tells it where the kernel does not. */
    public boolean killed(int exitCode) {
        return exitCode == KILLED || kills().filter(kills -> kills > 0).isPresent();
    }

    private Optional<Long> kills() {
        try (Stream<String> lines = Files.lines(directory.resolve(names.kills()))) {
            return lines.filter(line -> line.startsWith("oom_kill "))
                    .map(line -> Long.parseLong(line.substring("oom_kill ".length())))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private long mebibytes(String file) {
        try {
            return Long.parseLong(Files.readString(directory.resolve(file)).strip()) >> 20;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d MiB now, %d MiB at most", usageMiB(), peakMiB());
    }

    /** Removes it. Its processes must have ended; the kernel may still be busy with the last one. */
    @Override
    public void close() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            Files.deleteIfExists(directory);
            return true;
        });
    }
}

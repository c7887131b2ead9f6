package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sidecaroperator.support.RealProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSyncIT {
    @TempDir
    Path directory;

    private Path source;
    private Path target;

    @BeforeEach
    void directories() throws IOException {
        source = Files.createDirectory(directory.resolve("source"));
        target = Files.createDirectory(directory.resolve("target"));
        Files.createDirectory(directory.resolve("state"));
    }

    @Test
    @DisplayName(
            "rclone, run by the example's script, keeps the target like the source: new, changed and deleted files")
    void synchronises() throws IOException {
        Files.writeString(source.resolve("a.txt"), "one");
        Files.writeString(source.resolve("b.txt"), "two");
        Files.writeString(source.resolve("c.txt.partial"), "half");
        try (Running sync = start(1)) {
            soon().untilAsserted(
                            () -> assertThat(target.resolve("b.txt")).exists().hasContent("two"));
            assertThat(target.resolve("c.txt.partial")).doesNotExist();

            Files.writeString(source.resolve("a.txt"), "changed");
            Files.delete(source.resolve("b.txt"));

            soon().untilAsserted(() -> assertThat(target.resolve("a.txt")).hasContent("changed"));
            soon().untilAsserted(() -> assertThat(target.resolve("b.txt")).doesNotExist());
            assertThat(directory.resolve("state/alive")).exists();
        }
    }

    @Test
    @DisplayName("if the source is suddenly empty, the target stays, and the log says so")
    void emptySource() throws IOException {
        Files.writeString(target.resolve("a.txt"), "kept");
        try (Running sync = start(1)) {
            soon().untilAsserted(() -> assertThat(sync.output()).contains(source + " is empty or cannot be read"));
            assertThat(sync.terminate()).isZero();
        }
        assertThat(target.resolve("a.txt")).hasContent("kept");
    }

    @Test
    @DisplayName("the app's last writes are copied when the sidecar stops, even with a long interval")
    void lastRound() throws IOException {
        Files.writeString(source.resolve("a.txt"), "first");
        try (Running sync = start(3600)) {
            soon().untilAsserted(
                            () -> assertThat(directory.resolve("state/alive")).exists());
            Files.writeString(source.resolve("last.txt"), "last");
            assertThat(sync.terminate()).isZero();
        }
        assertThat(target.resolve("last.txt")).hasContent("last");
    }

    private Running start(int interval) throws IOException {
        Example example = Example.named("data-sync");
        Path script = directory.resolve("sync.sh");
        LocalConfiguration local =
                new LocalConfiguration().with("/bin/sh", "bash").with("/opt/data-sync/sync.sh", script);
        local.write(script, example.configuration("config.yaml", "sync.sh"));
        List<String> command = local.here(Example.strings(example.sidecar(), "command"));
        local.assertAllUsed();
        return Running.start(
                command,
                Map.of(
                        "PATH", RealProgram.RCLONE.path().getParent() + ":/usr/bin:/bin",
                        "HOME", directory.resolve("state").toString(),
                        "SYNC_SOURCE", source.toString(),
                        "SYNC_TARGET", target.toString(),
                        "SYNC_STATE", directory.resolve("state").toString(),
                        "SYNC_INTERVAL", Integer.toString(interval)));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(3));
    }
}

package io.sidecaroperator.support;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Builds the programs that integration tests run, the control plane and those of the examples, into the user's cache.
 * It runs before the tests, so that no test's time has a build in it.
 */
public final class BuildPrograms {
    private BuildPrograms() {}

    /** Builds what the cache does not have. */
    public static void main(String[] arguments) {
        // Beside each other: a linker keeps one core busy, and the other would wait.
        CompletableFuture<Void> controlPlane = CompletableFuture.runAsync(BuildPrograms::controlPlane);
        for (RealProgram program : RealProgram.values()) {
            program.path();
        }
        controlPlane.join();
    }

    private static void controlPlane() {
        Program.run(List.of("bash", "tools/cluster", "build"), Map.of(), "", Duration.ofMinutes(60))
                .ok();
    }
}

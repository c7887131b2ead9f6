package io.sidecaroperator.support;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Builds the programs that integration tests run, the control plane, those of the examples and those that judge CRDs, into the user's cache.
 * It runs before the tests, so that the time of a test does not include a build.
 */
public final class BuildPrograms {
    private BuildPrograms() {}

    /** Builds what the cache does not have. */
    public static void main(String[] arguments) {
        // In parallel: a linker uses only one core, and the other would wait.
        CompletableFuture<Void> controlPlane = CompletableFuture.runAsync(BuildPrograms::controlPlane);
        CrdVerdicts.asked().forEach(CrdVerdicts::program);
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

package io.sidecaroperator.support;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Builds what integration tests run: into the user's cache the control plane, a real node, the programs of the examples
 * and those that judge CRDs, and into {@code target} the images of the examples and of the operator.
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
            if (program != RealProgram.HELM_4 || RandomRuns.exhaustive()) {
                program.path();
            }
        }
        controlPlane.join();
        if (RealThings.possible("tools/node")) {
            run("tools/example-programs/images", "target/example-images");
        }
        OperatorImage.buildIfPossible();
    }

    private static void controlPlane() {
        build("tools/cluster");
        if (RealThings.possible("tools/node")) {
            build("tools/node");
        }
    }

    private static void build(String script) {
        run(script, "build");
    }

    private static void run(String script, String argument) {
        Program.run(List.of("bash", script, argument), Map.of(), "", Duration.ofMinutes(60))
                .ok();
    }
}

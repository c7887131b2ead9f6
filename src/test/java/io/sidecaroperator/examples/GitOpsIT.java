package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.RealProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example that needs no operator, built by the real kustomize, which runs the real command line. */
class GitOpsIT {
    private static final Path FOLDER = Checkout.ROOT.resolve("examples").resolve(Example.REPOSITORY);
    private static final Path EXPECTED =
            Checkout.ROOT.resolve("src/test/resources/examples/" + Example.REPOSITORY + ".yaml");
    private static final String POLICY = FOLDER.resolve("policy/policy.yaml").toString();

    @TempDir
    private Path copy;

    @BeforeEach
    void copied() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(FOLDER.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Test
    @DisplayName(
            "kustomize prints what inject prints for the same manifests; review a difference, then run with -Dexamples.update")
    void built() throws IOException {
        String built = build().ok().out();

        if (System.getProperty("examples.update") != null) {
            Files.writeString(EXPECTED, built);
        }
        assertThat(EXPECTED).hasContent(built);
        edit("overlay/kustomization.yaml", "transformers: [../policy]", "");
        String plain = build().ok().out();
        assertThat(plain).doesNotContain("statsd-exporter");
        assertThat(Manifests.parse(built).objects())
                .isEqualTo(Manifests.parse(CommandRun.of(plain, "inject", "--policy", POLICY)
                                .ok())
                        .objects());
        assertThat(Manifests.parse(CommandRun.of(built, "uninject").ok()).objects())
                .isEqualTo(Manifests.parse(plain).objects());
    }

    @Test
    @DisplayName("a refusal and a bad policy end the build, and the message says why")
    void refused() throws IOException {
        edit("base/web.yaml", "- name: web", "- name: statsd-exporter");
        Program.Result refused = build();
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("policy shop-gitops/metrics refused (ContainerNameTaken)");

        edit("policy/policy.yaml", "image:", "imaeg:");
        Program.Result bad = build();
        assertThat(bad.exitCode()).isNotZero();
        assertThat(bad.err()).contains("functionConfig: SidecarPolicy metrics: spec.sidecars[0].image: Required value");
    }

    private Program.Result build() {
        return Program.run(
                List.of(
                        RealProgram.KUSTOMIZE.path().toString(),
                        "build",
                        "--enable-alpha-plugins",
                        "--enable-exec",
                        copy.resolve("overlay").toString()),
                // The launcher of the checkout is the "sidecar" on the PATH.
                Map.of("PATH", Checkout.ROOT + ":" + System.getenv("PATH"), "SIDECAR_NO_BUILD", "1"),
                "",
                Duration.ofMinutes(2));
    }

    private void edit(String file, String from, String to) throws IOException {
        String text = Files.readString(copy.resolve(file));
        assertThat(text).contains(from);
        Files.writeString(copy.resolve(file), text.replace(from, to));
    }
}

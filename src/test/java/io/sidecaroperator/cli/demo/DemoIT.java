package io.sidecaroperator.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.RealThings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code ./sidecar demo} as a user runs it. Each demo has a cluster of its own, and mostly waits for it. */
@Execution(ExecutionMode.CONCURRENT)
class DemoIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    @Test
    void everyStepIsShownAndNothingIsLeft() {
        try (Run run = new Run()) {
            assertThat(run.end()).as(run::said).isZero();
            assertThat(run.said())
                    .contains("[6/6]")
                    .contains("      + native sidecar log-collector: fluent/fluent-bit:")
                    .contains("      +   log-collector: limits cpu 500m, memory 512Mi")
                    .contains("      +   web: env LOG_DIR=/var/log/app")
                    .contains("      - native sidecar log-collector: fluent/fluent-bit:")
                    .contains("2 of 2 pods run with the sidecar")
                    .contains("event on the Deployment: Injected")
                    .contains("the template is what it was, byte for byte")
                    .contains("Everything was as it should be");
            run.assertNothingLeft();
        }
    }

    @Test
    void onARealNodeTheAppsLinesAreDelivered() {
        RealThings.assume("tools/node");
        try (Run run = new Run("--node")) {
            assertThat(run.end()).as(run::said).isZero();
            assertThat(run.said())
                    .contains("      + native sidecar log-collector: otel/opentelemetry-collector-contrib:")
                    .contains("2 of 2 pods run with the sidecar")
                    .contains("delivered: order 1, order 2, order 3")
                    .contains("the template is what it was, byte for byte")
                    .contains("Everything was as it should be");
            run.assertNothingLeft();
        }
    }

    @Test
    void withoutTheOperatorItFailsAndSaysWhy() {
        try (Run run = new Run()) {
            Matcher operator = run.until("process (\\d+), ready after .*");
            assertThat(ProcessHandle.of(Long.parseLong(operator.group(1)))
                            .orElseThrow()
                            .destroyForcibly())
                    .isTrue();
            assertThat(run.end()).as(run::said).isEqualTo(1);
            assertThat(run.said())
                    .contains("sidecar demo failed: the operator has ended (exit code 137); the last lines of its log:")
                    .contains("Ready: webhook https://127.0.0.1:")
                    .doesNotContain("Everything was as it should be");
            run.assertNothingLeft();
        }
    }

    @Test
    void keptItStaysUntilItIsInterrupted() {
        try (Run run = new Run("--keep")) {
            Matcher kubeconfig = run.until("\\s*export KUBECONFIG='(.*)'");
            Matcher path = run.until("\\s*export PATH='(.*)':.*");
            Program.Result nodes = Program.run(
                    List.of(path.group(1) + "/kubectl", "get", "sidecarpolicies", "--all-namespaces"),
                    Map.of("KUBECONFIG", kubeconfig.group(1)),
                    "",
                    Duration.ofMinutes(1));
            assertThat(nodes.ok().err()).contains("No resources found");

            Program.run(List.of("bash", "-c", "kill -INT " + run.process.pid()), Map.of(), "", Duration.ofMinutes(1))
                    .ok();
            assertThat(run.end()).as(run::said).isZero();
            run.assertNothingLeft();
        }
    }

    /** A running demo. The test ends it in any case. */
    private final class Run implements AutoCloseable {
        final Process process;
        private final BufferedReader out;
        private final Path err = directory.resolve("err");
        private final List<String> lines = new ArrayList<>();

        Run(String... options) {
            // A build that was started in the background ignores Ctrl-C, and so would the processes that it starts.
            List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", "./sidecar", "demo"));
            command.addAll(List.of(options));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Checkout.ROOT.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("SIDECAR_NO_BUILD", "1");
            builder.environment().put("SIDECAR_JAVA_OPTS", "-Djava.io.tmpdir=" + directory);
            try {
                process = builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            out = process.inputReader(StandardCharsets.UTF_8);
        }

        /** Reads until a line matches this pattern. */
        Matcher until(String form) {
            Pattern pattern = Pattern.compile(form);
            String line = next();
            while (line != null) {
                Matcher matcher = pattern.matcher(line.strip());
                if (matcher.matches()) {
                    return matcher;
                }
                line = next();
            }
            throw new AssertionError("no line like " + form + " in\n" + said());
        }

        int end() {
            while (next() != null) {
                // Everything is kept in lines.
            }
            awaitEnd();
            return process.exitValue();
        }

        String said() {
            try {
                return String.join("\n", lines) + "\n" + Files.readString(err);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void assertNothingLeft() {
            for (String script : List.of("tools/cluster", "tools/node")) {
                String clusters = Program.run(List.of("bash", script, "list"), Map.of(), "", LIMIT)
                        .ok()
                        .out();
                assertThat(clusters).doesNotContain("demo-" + process.pid());
            }
            assertThat(directory.toFile().list((folder, name) -> name.startsWith("sidecar-demo")))
                    .isEmpty();
            assertThat(process.descendants()).isEmpty();
        }

        @Override
        public void close() {
            process.destroy();
            awaitEnd();
        }

        private void awaitEnd() {
            try {
                assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }

        private @org.jspecify.annotations.Nullable String next() {
            try {
                String line = out.readLine();
                if (line != null) {
                    lines.add(line);
                }
                return line;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

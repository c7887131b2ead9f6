package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.RealProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsOpenTelemetryIT {
    private static final Pattern RECEIVED = Pattern.compile("Body: Str\\((.*)\\)");

    @TempDir
    Path directory;

    private final Example example = Example.named("logs-opentelemetry");
    private final int otlp = Running.freePort();
    private final int health = Running.freePort();
    private Path logs;

    @BeforeEach
    void directories() throws IOException {
        logs = Files.createDirectory(directory.resolve("logs"));
        Files.createDirectory(directory.resolve("state"));
    }

    @Test
    @DisplayName("the line that the app writes when it stops arrives, although the collector is stopped right after it")
    void lastLines() {
        try (Running backend = backend();
                Running collector = collector();
                Running app = app()) {
            soon().untilAsserted(() -> assertThat(received(backend)).contains("order 1"));

            assertThat(app.terminate()).isZero();
            Path log = logs.resolve("checkout.log");
            soon().untilAsserted(() -> assertThat(collector.positionIn(log)).isEqualTo(Files.size(log)));
            assertThat(collector.terminate()).isZero();

            soon().untilAsserted(() -> assertThat(received(backend)).endsWith("stopping"));
            assertThat(backend.output())
                    .contains("k8s.pod.name: Str(checkout-1)")
                    .contains("k8s.namespace.name: Str(example)")
                    .contains("log.file.name: Str(checkout.log)");
        }
    }

    @Test
    @DisplayName("every line arrives once, across a rotation and a restart of the collector")
    void everyLineOnce() throws IOException {
        Path log = logs.resolve("app.log");
        try (Running backend = backend()) {
            try (Running collector = collector()) {
                write(log, 1, 100);
                soon().untilAsserted(() -> assertThat(received(backend)).hasSize(100));
                write(log, 101, 150);
                Files.move(log, logs.resolve("app.log.1"), StandardCopyOption.ATOMIC_MOVE);
                write(log, 151, 200);
                soon().untilAsserted(() -> assertThat(received(backend)).hasSize(200));
                assertThat(collector.terminate()).isZero();
            }
            write(log, 201, 250);
            try (Running collector = collector()) {
                write(log, 251, 300);
                soon().untilAsserted(() -> assertThat(received(backend)).contains("line 300"));
                assertThat(collector.terminate()).isZero();
            }
            assertThat(received(backend))
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 300)
                            .mapToObj(n -> "line " + n)
                            .toList());
        }
    }

    private Running app() {
        List<String> command = new ArrayList<>(Example.strings(
                Json.objects(example.apps().get(0).at("/spec/template/spec"), "containers")
                        .findFirst()
                        .orElseThrow(),
                "command"));
        assertThat(command.get(0)).isEqualTo("sh");
        command.set(0, "bash");
        return Running.start(command, Map.of("LOG_DIR", logs.toString()));
    }

    private Running collector() {
        Path config = directory.resolve("collector.yaml");
        LocalConfiguration local = new LocalConfiguration()
                .with("/etc/otel/collector.yaml", config)
                .with("/var/lib/otel", directory.resolve("state"))
                .with("0.0.0.0:13133", "127.0.0.1:" + health);
        local.write(config, example.configuration("config.yaml", "collector.yaml"));
        Running collector = Running.start(
                RealProgram.COLLECTOR,
                local.here(Example.strings(example.sidecar(), "args")),
                Map.of(
                        "LOG_DIR",
                        logs.toString(),
                        "OTLP_ENDPOINT",
                        "http://127.0.0.1:" + otlp,
                        "POD_NAME",
                        "checkout-1",
                        "POD_NAMESPACE",
                        "example"));
        local.assertAllUsed();
        soon().untilAsserted(() -> assertThat(
                        Running.get("http://127.0.0.1:" + health + "/").status())
                .as(collector.output())
                .isEqualTo(200));
        return collector;
    }

    private Running backend() {
        Path config = directory.resolve("backend.yaml");
        LocalConfiguration local = new LocalConfiguration()
                .with("/etc/otel/backend.yaml", config)
                .with("0.0.0.0:4318", "127.0.0.1:" + otlp);
        local.write(config, example.configuration("backend.yaml", "backend.yaml"));
        Running backend = Running.start(RealProgram.COLLECTOR, local.here(backendArgs()), Map.of());
        local.assertAllUsed();
        soon().untilAsserted(() -> assertThat(
                        Running.get("http://127.0.0.1:" + otlp + "/").status())
                .as(backend.output())
                .isEqualTo(404));
        return backend;
    }

    private List<String> backendArgs() {
        return example.objects("backend.yaml").stream()
                .flatMap(object -> Json.objects(object.at("/spec/template/spec"), "containers"))
                .flatMap(container -> Example.strings(container, "args").stream())
                .toList();
    }

    private static List<String> received(Running backend) {
        return RECEIVED.matcher(backend.output())
                .results()
                .map((MatchResult line) -> line.group(1))
                .toList();
    }

    private static void write(Path log, int from, int to) throws IOException {
        List<String> lines =
                IntStream.rangeClosed(from, to).mapToObj(n -> "line " + n).toList();
        Files.write(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(3));
    }
}

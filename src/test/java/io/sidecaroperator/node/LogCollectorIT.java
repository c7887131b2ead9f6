package io.sidecaroperator.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The example of the OpenTelemetry Collector with containers that run: what apps of one user write, a collector of another
 * user delivers, each line once.
 */
class LogCollectorIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String EXAMPLE = "examples/logs-opentelemetry/";
    private static final String NAMESPACE = "example-logs-opentelemetry";
    private static final int LINES = 3000;
    private static final Pattern BODY = Pattern.compile("Body: Str\\(([^)]*)\\)");

    /** Starts a new file every thousand lines. It ends with words that come after SIGTERM. */
    private static final String WRITER = """
            log=$LOG_DIR/writer.log
            trap 'echo "%1$s last words" >> $log; exit 0' TERM
            n=0
            while [ $n -lt %2$d ]; do
              n=$((n + 1))
              echo "%1$s $n" >> $log
              if [ $((n %% 1000)) -eq 0 ]; then mv $log $log.$n.log; sleep 1; fi
            done
            """;

    private static final String POD = """
            metadata: {labels: {app: NAME, logs: collected}}
            spec:
              restartPolicy: RESTART
              securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
              containers:
              - name: writer
                image: busybox:1.37.0
                command: [sh, -c, SCRIPT]
                resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """;

    private final TestCluster cluster = InstalledOperator.cluster();

    @Test
    void everyLineArrivesOnceOverRotationsAndToTheLastWords() {
        loadCollector();
        for (String file : List.of("app", "config", "backend", "policy")) {
            apply(Checkout.read(EXAMPLE + file + ".yaml"));
        }
        apply(deployment("steady", WRITER.formatted("steady", LINES) + "while true; do sleep 1 & wait $!; done"));
        apply(job("batch", WRITER.formatted("batch", 500)));
        apply(deployment("flood", "dd if=/dev/zero of=$LOG_DIR/flood.bin bs=1M count=300; sleep infinity"));

        usersDiffer();
        await("all lines of the Deployment", this::delivered, lines -> count(lines, "steady") >= LINES);
        theJobEndsAndItsLinesAreThere();
        theLastWordsArrive();
        assertThat(delivered()).as("each line once").doesNotHaveDuplicates();
        aVolumeThatIsFullCostsItsPodOnly();
        removalGivesTheTemplateBack();
    }

    private void loadCollector() {
        Path folder = Checkout.ROOT.resolve("target/example-images");
        Program.Result made = Program.run(
                List.of("bash", "tools/example-programs/images", folder.toString(), "collector"),
                Map.of(),
                "",
                Duration.ofMinutes(20));
        cluster.load(Path.of(made.ok().out().strip()));
    }

    /** The collector reads what the app writes, though neither is root and they are not the same user. */
    private void usersDiffer() {
        JsonNode pod = await("a pod that runs", () -> pod("steady"), LogCollectorIT::isReady);
        JsonNode collector =
                Json.named(pod.path("spec"), "initContainers", "log-collector").orElseThrow();
        assertThat(collector.at("/securityContext/runAsUser").asInt())
                .isNotZero()
                .isNotEqualTo(pod.at("/spec/securityContext/runAsUser").asInt());
    }

    private void theJobEndsAndItsLinesAreThere() {
        JsonNode job = await(
                "the Job's end",
                () -> cluster.get("job", NAMESPACE, "batch"),
                one -> one.at("/status/succeeded").asInt() == 1);
        JsonNode pod = pod("batch");
        Duration cost = Duration.between(ended(pod, "containerStatuses", "writer"), completed(job));
        System.out.println("a Job with a collector whose preStop hook sleeps 5 s ends " + cost.toMillis() / 1000.0
                + " s after its work");
        assertThat(cost).as("the hook, then SIGTERM").isLessThan(Duration.ofSeconds(20));
        assertThat(status(pod, "initContainerStatuses", "log-collector")
                        .at("/state/terminated/exitCode")
                        .asInt())
                .as("the collector ends by itself, after the work")
                .isZero();
        await("all lines of the Job", this::delivered, lines -> count(lines, "batch") == 500);
    }

    private void theLastWordsArrive() {
        cluster.kubectl("", "scale", "deployment/steady", "--replicas=0", "--namespace", NAMESPACE)
                .ok();
        await("the last words", this::delivered, lines -> lines.contains("steady last words"));
        assertThat(count(delivered(), "steady")).isEqualTo(LINES + 1);
    }

    /** The kubelet looks every ten seconds at what volumes hold. */
    private void aVolumeThatIsFullCostsItsPodOnly() {
        JsonNode evicted = await(
                "the eviction",
                () -> pods("flood").stream()
                        .filter(pod -> pod.at("/status/reason").asText().equals("Evicted"))
                        .<JsonNode>map(pod -> pod)
                        .findFirst()
                        .orElseGet(Json::object),
                pod -> pod.has("status"));
        assertThat(evicted.at("/status/message").asText()).contains("app-logs", "exceeds");
        cluster.kubectl("", "delete", "deployment/flood", "--namespace", NAMESPACE)
                .ok();
        JsonNode policy = cluster.get("sidecarpolicy", NAMESPACE, "logs");
        assertThat(policy.at("/status/failedRevision").asText()).isEmpty();
        assertThat(isReady(pod("checkout"))).isTrue();
    }

    private void removalGivesTheTemplateBack() {
        cluster.kubectl("", "delete", "sidecarpolicy/logs", "--namespace", NAMESPACE, "--timeout=120s")
                .ok();
        cluster.kubectl("", "rollout", "status", "deployment/checkout", "--namespace", NAMESPACE, "--timeout=120s")
                .ok();
        JsonNode template = cluster.get("deployment", NAMESPACE, "checkout").at("/spec/template");
        assertThat(template.at("/metadata").has("annotations")).isFalse();
        assertThat(template.path("spec").has("initContainers")).isFalse();
        assertThat(template.path("spec").has("volumes")).isFalse();
    }

    /** Returns the lines that the backend has received and printed. */
    private List<String> delivered() {
        String log = cluster.kubectl("", "logs", "deployment/otel-backend", "--namespace", NAMESPACE, "--tail=-1")
                .out();
        List<String> lines = new ArrayList<>();
        Matcher matcher = BODY.matcher(log);
        while (matcher.find()) {
            if (!matcher.group(1).startsWith("order ")) {
                lines.add(matcher.group(1));
            }
        }
        return lines;
    }

    private static long count(List<String> lines, String app) {
        return lines.stream().filter(line -> line.startsWith(app + " ")).count();
    }

    private List<JsonNode> pods(String app) {
        return cluster.list("pod", NAMESPACE, "labelSelector=app%3D" + app);
    }

    private JsonNode pod(String app) {
        return pods(app).stream().findFirst().orElseGet(Json::object);
    }

    private static boolean isReady(JsonNode pod) {
        return Json.objects(pod.path("status"), "conditions")
                .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True"));
    }

    private static JsonNode status(JsonNode pod, String statuses, String container) {
        return Json.objects(pod.path("status"), statuses)
                .filter(status -> status.path("name").asText().equals(container))
                .findFirst()
                .orElseThrow();
    }

    private static Instant ended(JsonNode pod, String statuses, String container) {
        return Instant.parse(status(pod, statuses, container)
                .at("/state/terminated/finishedAt")
                .asText());
    }

    private static Instant completed(JsonNode job) {
        return Instant.parse(job.at("/status/completionTime").asText());
    }

    private static <T> T await(String what, Callable<T> look, Predicate<T> expected) {
        return Awaitility.await(what).atMost(SOON).until(look, expected::test);
    }

    private void apply(String manifest) {
        cluster.kubectl(manifest, "apply", "--namespace", NAMESPACE, "-f", "-").ok();
    }

    private static String deployment(String name, String script) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  selector: {matchLabels: {app: %1$s}}
                  template:
                %2$s""".formatted(name, pod(name, "Always", script).indent(4));
    }

    private static String job(String name, String script) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %1$s}
                spec:
                  template:
                %2$s""".formatted(name, pod(name, "Never", script).indent(4));
    }

    private static String pod(String name, String restart, String script) {
        return POD.replace("NAME", name)
                .replace("RESTART", restart)
                .replace("SCRIPT", Json.text(Json.MAPPER.getNodeFactory().textNode(script)));
    }
}

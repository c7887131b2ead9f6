package io.sidecaroperator.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * What the operator costs as a process, on its own control plane: time from its start to Ready, resident memory idle
 * and with many Deployments, and requests to the API server by verb and resource.
 *
 * <p>Run: {@code mvn -q package exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=io.sidecaroperator.bench.OperatorLoad}
 */
public final class OperatorLoad {
    private static final int FEW = 100;
    private static final int MANY = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final TestCluster cluster = TestCluster.get();
    private final Installation installation = Installation.install(cluster);
    private final Path directory;
    private final String namespace = cluster.namespace("load", Map.of());

    private OperatorLoad() throws IOException {
        directory = Files.createTempDirectory("operator-load");
        Files.writeString(directory.resolve("kubeconfig"), installation.operatorKubeconfig());
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        new OperatorLoad().run();
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException {
        Process operator = start("first start, nothing there");
        Thread.sleep(5_000);
        System.out.printf("idle: %d MiB resident%n", residentMiB(operator));

        create(0, FEW);
        cluster.kubectl(policy(), "apply", "-f", "-").ok();
        long before = cluster.auditSize();
        awaitInjected(FEW);
        Thread.sleep(2_000);
        System.out.println("requests since the policy, " + FEW + " Deployments: " + requests(before));

        create(FEW, MANY);
        awaitInjected(MANY);
        Thread.sleep(5_000);
        System.out.printf("with %d Deployments: %d MiB resident%n", MANY, residentMiB(operator));
        stop(operator);

        before = cluster.auditSize();
        operator = start("second start, " + MANY + " Deployments in sync");
        Thread.sleep(10_000);
        System.out.printf("after the second start: %d MiB resident%n", residentMiB(operator));
        System.out.println("requests of the second start: " + requests(before));
        stop(operator);
    }

    private Process start(String title) throws IOException {
        Path log = directory.resolve("operator.log");
        Files.deleteIfExists(log);
        Instant start = Instant.now();
        Process process = new ProcessBuilder(
                        Checkout.ROOT.resolve("sidecar").toString(),
                        "operator",
                        "--kubeconfig",
                        directory.resolve("kubeconfig").toString(),
                        "--webhook-host",
                        "127.0.0.1",
                        "--webhook-port",
                        "0",
                        "--http-port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.readString(log).contains("Ready:"));
        System.out.printf(
                "%s: Ready after %d ms, %d ms of CPU%n",
                title,
                Duration.between(start, Instant.now()).toMillis(),
                process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis());
        return process;
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    private void create(int from, int to) {
        StringBuilder all = new StringBuilder();
        for (int i = from; i < to; i++) {
            ObjectNode deployment = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
            deployment.putObject("metadata").put("name", "web-" + i).put("namespace", namespace);
            ObjectNode spec = deployment.putObject("spec").put("replicas", 1);
            spec.putObject("selector").putObject("matchLabels").put("app", "web-" + i);
            ObjectNode template = spec.putObject("template");
            template.putObject("metadata")
                    .putObject("labels")
                    .put("app", "web-" + i)
                    .put("logs", "collected");
            template.putObject("spec")
                    .putArray("containers")
                    .addObject()
                    .put("name", "web")
                    .put("image", "nginx:1");
            all.append(Json.text(deployment)).append("\n---\n");
        }
        cluster.kubectl(all.toString(), "create", "-f", "-").ok();
    }

    private String policy() {
        return Checkout.read("examples/log-collector/policy.yaml")
                .replace("namespace: shop", "namespace: " + namespace);
    }

    private void awaitInjected(int count) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> cluster.kubectl(
                                "",
                                "get",
                                "sidecarpolicy",
                                "logs",
                                "-n",
                                namespace,
                                "-o",
                                "jsonpath={.status.workloads.injected}")
                        .out()
                        .equals(String.valueOf(count)));
    }

    /** Returns the operator's requests since a position of the audit log: how many of each verb and resource. */
    private Map<String, Long> requests(long since) {
        return cluster.audit(since, installation.user()).stream()
                .map(event -> Json.textAt(event, "verb") + " " + resource(event.path("objectRef")))
                .collect(Collectors.groupingBy(request -> request, TreeMap::new, Collectors.counting()));
    }

    private static String resource(JsonNode object) {
        String subresource = object.path("subresource").asText("");
        return object.path("resource").asText("") + (subresource.isEmpty() ? "" : "/" + subresource);
    }

    private static long residentMiB(Process process) throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"));
        return status.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(-1L);
    }
}

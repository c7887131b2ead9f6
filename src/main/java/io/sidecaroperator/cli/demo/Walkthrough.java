package io.sidecaroperator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The steps of the demonstration, in order. Each step says what a user does and what changes, and fails when that does
 * not happen.
 */
final class Walkthrough {
    static final int STEPS = 6;

    private static final Pattern LINE = Pattern.compile("Body: Str\\((.*)\\)");
    private static final int LINES_SHOWN = 3;
    private static final String OPERATOR = "sidecar-operator";

    private final Stage stage;
    private final Screen screen;
    private final Cluster cluster;
    private final String folder;
    private final long start = System.nanoTime();

    Walkthrough(Stage stage, Screen screen) {
        this.stage = stage;
        this.screen = screen;
        this.cluster = stage.cluster();
        this.folder = cluster.hasRealNode() ? "examples/logs-opentelemetry/" : "examples/log-collector/";
    }

    void tell(boolean keep) {
        startCluster();
        startOperator();
        Example example = Example.read(stage.home(), folder + "app.yaml", folder + "policy.yaml", folder + "pod.yaml");
        JsonNode before = applyApp(example);
        JsonNode injected = applyPolicy(example, before);
        applyPod(example);
        deletePolicy(example, before, injected);
        screen.line("");
        screen.line("Everything was as it should be, after " + Screen.seconds(since(start)) + ".");
        if (keep) {
            keepOpen();
        }
    }

    private void startCluster() {
        screen.step("A real Kubernetes control plane" + (cluster.hasRealNode() ? ", and a node whose pods run" : ""));
        long begin = System.nanoTime();
        cluster.up();
        JsonNode version = Json.parse(cluster.kubectl("version", "-o", "json"));
        screen.tell(
                "Kubernetes " + version.path("serverVersion").path("gitVersion").asText() + " at "
                        + cluster.variable("SIDECAR_CLUSTER_SERVER") + ", up after " + Screen.seconds(since(begin)));
        if (cluster.hasRealNode()) {
            cluster.load("collector");
        }
    }

    private void startOperator() {
        screen.step("The operator, with the rights of its ServiceAccount and no more");
        Installation installation = new Installation(cluster, stage.home());
        screen.command("kubectl apply --server-side -f deploy/install.yaml   # all but the operator's own Deployment");
        screen.tell(installation.apply(stage.scratch("install.yaml")));
        Path kubeconfig = stage.scratch("operator.kubeconfig");
        installation.writeKubeconfig(kubeconfig);
        screen.command("sidecar operator --kubeconfig operator.kubeconfig --webhook-host 127.0.0.1");
        long begin = System.nanoTime();
        OperatorChild operator = stage.startOperator(kubeconfig);
        stage.await("the operator is ready", () -> operator.isReady() ? Optional.of(operator) : Optional.empty());
        screen.tell("process " + operator.pid() + ", ready after " + Screen.seconds(since(begin)));
    }

    private JsonNode applyApp(Example example) {
        screen.step("An app, before there is any policy");
        apply(folder + "app.yaml");
        if (cluster.hasRealNode()) {
            apply(folder + "backend.yaml");
            apply(folder + "config.yaml");
        }
        rollout(example);
        JsonNode template = example.template(cluster);
        List<String> lines = TemplateLines.of(template);
        screen.compare(lines, lines);
        expect(!template.toString().contains(OPERATOR), "the template was changed although there is no policy");
        return template;
    }

    private JsonNode applyPolicy(Example example, JsonNode before) {
        screen.step("A policy for every pod labelled logs=collected");
        apply(folder + "policy.yaml");
        JsonNode after = stage.await("the Deployment's template has the sidecar", () -> {
            JsonNode now = example.template(cluster);
            return example.isInjected(now) ? Optional.of(now) : Optional.empty();
        });
        screen.compare(TemplateLines.of(before), TemplateLines.of(after));
        example.checkInjected(after);
        rollout(example);
        checkPods(example, true);
        stage.await("the policy is Ready with one workload injected", () -> {
            JsonNode policy = cluster.get(example.namespace(), example.policy());
            boolean done = policy.at("/status/workloads/injected").asInt() == 1
                    && policy.at("/status/workloads/progressing").asInt() == 0
                    && Json.objects(policy.path("status"), "conditions")
                            .anyMatch(condition -> "Ready".equals(Json.textAt(condition, "type"))
                                    && "True".equals(Json.textAt(condition, "status")));
            return done ? Optional.of(policy) : Optional.empty();
        });
        show("-n", example.namespace(), "get", "sidecarpolicies");
        event(example, "SidecarPolicy", "Ready");
        event(example, "Deployment", "Injected");
        if (cluster.hasRealNode()) {
            showDelivered(example);
        }
        return after;
    }

    /** Shows what the app wrote into its files, as the log store has received it. */
    private void showDelivered(Example example) {
        String[] logs = {"-n", example.namespace(), "logs", "deployment/otel-backend"};
        screen.command("kubectl " + String.join(" ", logs) + " | grep -m " + LINES_SHOWN + " Body");
        List<String> lines = stage.await("the app's lines arrive at the log store", () -> {
            List<String> seen = LINE.matcher(cluster.kubectl(logs))
                    .results()
                    .limit(LINES_SHOWN)
                    .map(line -> line.group(1))
                    .toList();
            return seen.size() == LINES_SHOWN ? Optional.of(seen) : Optional.empty();
        });
        screen.tell("delivered: " + String.join(", ", lines));
    }

    private void applyPod(Example example) {
        screen.step("A bare Pod: it gets its sidecar while it is created");
        apply(folder + "pod.yaml");
        String name = "pod/" + example.podName();
        cluster.kubectl("-n", example.namespace(), "wait", "--for=condition=Ready", "--timeout=60s", name);
        JsonNode pod = cluster.get(example.namespace(), name);
        screen.compare(TemplateLines.of(example.pod()), TemplateLines.of(pod));
        example.checkInjected(pod);
    }

    private void deletePolicy(Example example, JsonNode before, JsonNode injected) {
        screen.step("The policy goes, and with it everything that it added, and nothing else");
        String policy = folder + "policy.yaml";
        screen.command("kubectl delete -f " + policy);
        screen.tell(cluster.kubectl("delete", "-f", policy, "--timeout=60s"));
        JsonNode after = example.template(cluster);
        screen.compare(TemplateLines.of(injected), TemplateLines.of(after));
        expect(
                Json.text(after).equals(Json.text(before)),
                "the template is not what it was:\n" + before + "\nbefore, and now\n" + after);
        screen.tell("the template is what it was, byte for byte");
        rollout(example);
        checkPods(example, false);
        event(example, "Deployment", "Removed");
        JsonNode pod = cluster.get(example.namespace(), "pod/" + example.podName());
        expect(example.isInjected(pod), "the bare Pod lost its sidecar");
        screen.tell("the bare Pod keeps its sidecar: nobody restarts it");
    }

    private void keepOpen() {
        stage.finished();
        screen.line("Cluster and operator stay until Ctrl-C. In another terminal:");
        screen.line("  export KUBECONFIG='" + cluster.variable("KUBECONFIG") + "'");
        screen.line("  export PATH='" + cluster.variable("PATH") + "':\"$PATH\"   # its kubectl");
        try {
            stage.awaitOperator();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply(String file) {
        show("apply", "-f", file);
    }

    private void show(String... arguments) {
        screen.command("kubectl " + String.join(" ", arguments));
        screen.tell(cluster.kubectl(arguments));
    }

    private void rollout(Example example) {
        String[] arguments = {"-n", example.namespace(), "rollout", "status", example.deployment(), "--timeout=60s"};
        screen.command("kubectl " + String.join(" ", arguments));
        String output = cluster.kubectl(arguments);
        screen.tell(output.substring(output.lastIndexOf('\n') + 1));
    }

    /** Checks that all pods of the Deployment are new, and that each runs with the sidecar, or each without. */
    private void checkPods(Example example, boolean injected) {
        int count = stage.await("all pods run " + (injected ? "with" : "without") + " the sidecar", () -> {
            List<ObjectNode> pods = example.pods(cluster);
            boolean all = pods.size() == example.replicas()
                    && pods.stream().allMatch(pod -> example.isInjected(pod) == injected && Example.isReady(pod));
            return all ? Optional.of(pods.size()) : Optional.empty();
        });
        screen.tell(count + " of " + count + " pods run " + (injected ? "with" : "without") + " the sidecar");
    }

    private void event(Example example, String kind, String reason) {
        String message = stage.await(
                "an event " + reason + " on the " + kind,
                () -> Json.objects(cluster.get(example.namespace(), "events"), "items")
                        .filter(event -> OPERATOR.equals(Json.textAt(event, "reportingComponent"))
                                && reason.equals(Json.textAt(event, "reason"))
                                && kind.equals(Json.textAt(event.path("involvedObject"), "kind")))
                        .map(event -> event.path("message").asText())
                        .findFirst());
        screen.tell("event on the " + kind + ": " + reason + ", " + message);
    }

    private static void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw new DemoFailure(otherwise);
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}

package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sidecar status} says about real rollouts, and that it only reads. */
class StatusCommandIT {
    private final TestCluster cluster = TestCluster.get();
    private final Installation installation = Installation.install(cluster);
    private final Shop shop = new Shop(cluster, "status");

    @TempDir
    private Path directory;

    @Test
    void aRolloutIsFollowedToItsEndAndAFailureIsToldWithItsCause() throws Exception {
        String me = reader();
        shop.applyAll(
                Shop.deployment("w1"),
                Shop.deployment("w2"),
                Shop.deployment("w3"),
                Shop.deployment("taken").replace("name: app\n", "name: log-collector\n"));
        shop.awaitRunning("w3");
        shop.apply(policy("fluent/fluent-bit:4.2.0"));
        CommandRun nobody = status(me);
        assertThat(nobody.ok())
                .contains("Unknown")
                .contains(shop.namespace() + "/logs: the operator has not looked at it yet; does it run?");
        try (RunningManager running = RunningManager.start(installation, shop.namespace())) {
            shop.awaitPolicy(
                    "logs", found -> found.at("/status/workloads/injected").asInt() == 3);
            shop.awaitReady("logs");
            CompletableFuture<CommandRun> watching = CompletableFuture.supplyAsync(
                    () -> status(me, "logs", "--watch", "--until-ready", "--timeout", "2m"));
            shop.apply(policy("registry.example/slow:1"));
            CommandRun first = watching.get();
            assertThat(first.exitCode()).as(first.out()).isZero();
            CommandRun watched = status(me, "logs", "--until-ready", "--timeout", "2m");
            assertThat(watched.exitCode()).as(watched.out()).isZero();
            assertThat(watched.out().lines())
                    .last()
                    .isEqualTo(shop.namespace() + "/logs: 3/4 injected, 1 refused; Ready");
            assertThat(first.out() + watched.out()).containsPattern("[0-2]/4 injected.*(in flight|to go)");

            String revision =
                    shop.get("sidecarpolicy", "logs").at("/status/revision").asText();
            assertThat(status(me).ok().replaceAll(" +", " "))
                    .contains(
                            "NAMESPACE POLICY READY MODE MATCHED INJECTED OUTDATED PROGRESSING REFUSED SKIPPED REVISION AGE")
                    .contains(shop.namespace() + " logs True Enforce 4 3 0 0 1 0 " + revision)
                    .contains("Deployment " + shop.namespace() + " taken " + shop.namespace()
                            + "/logs ContainerNameTaken");
            assertThat(status(me, "deployment/w1").ok())
                    .contains("carries policy " + shop.namespace() + "/logs at revision " + revision
                            + ": init container log-collector, volume app-logs")
                    .contains("to " + revision + "; its pods: all run it");
            assertThat(status(me, "deploy/taken").ok())
                    .contains("carries nothing of a policy")
                    .contains("ContainerNameTaken");

            shop.apply(policy("registry.example/crash-loop:1"));
            CommandRun failed = status(me, "logs", "--until-ready", "--timeout", "2m");
            assertThat(failed.exitCode()).as(failed.out()).isEqualTo(1);
            assertThat(failed.out())
                    .contains("Stalled (RevisionFailed): revision")
                    .contains("CrashLoopBackOff");
            JsonNode json = Json.parse(status(me, "logs", "-o", "json").ok());
            assertThat(json.at("/policies/0/stalled").asBoolean()).isTrue();
            assertThat(json.at("/policies/0/workloads/matched").asInt()).isEqualTo(4);
            assertThat(json.at("/policies/0/failedRevision").asText())
                    .isEqualTo(json.at("/policies/0/revision").asText());
            assertThat(status(me, "-o", "wide").ok()).contains(revision).contains("RevisionFailed");
            CommandRun late = status(me, "logs", "--watch", "--timeout", "1s");
            assertThat(late.exitCode()).isEqualTo(1);
            assertThat(late.out()).endsWith("timed out after 1 s\n");
        }
        assertThat(status(me, "none").err()).contains("there is no policy none in namespace " + shop.namespace());
        assertThat(status(me, "deployment/none").err()).contains("there is no Deployment none in namespace");
        Audit audit = new Audit(cluster, "system:serviceaccount:" + shop.namespace() + ":reader");
        assertThat(audit.verbs()).allMatch(verb -> verb.startsWith("get ") || verb.startsWith("list "));
        assertThat(audit.verbs()).contains("list sidecarpolicies.sidecar-operator.io");
    }

    private CommandRun status(String kubeconfig, String... more) {
        List<String> arguments = new ArrayList<>(List.of("status", "-n", shop.namespace(), "--kubeconfig", kubeconfig));
        arguments.addAll(List.of(more));
        return CommandRun.of("", arguments.toArray(String[]::new));
    }

    private static String policy(String image) {
        return Shop.policy("logs", image) + "  rollout: {maxConcurrent: 1}\n";
    }

    private String reader() throws IOException {
        shop.kubectl("create", "serviceaccount", "reader");
        String name = "reader-of-" + shop.namespace();
        cluster.kubectl(
                        "",
                        "create",
                        "clusterrole",
                        name,
                        "--verb=get,list",
                        "--resource=deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,cronjobs.batch,"
                                + "sidecarpolicies.sidecar-operator.io,clustersidecarpolicies.sidecar-operator.io")
                .ok();
        cluster.kubectl(
                        "",
                        "create",
                        "clusterrolebinding",
                        name,
                        "--clusterrole=" + name,
                        "--serviceaccount=" + shop.namespace() + ":reader")
                .ok();
        cluster.awaitAllowed(shop.namespace(), "reader", "list", "apps", "deployments");
        return Files.writeString(directory.resolve("reader.yaml"), cluster.kubeconfigOf(shop.namespace(), "reader"))
                .toString();
    }
}

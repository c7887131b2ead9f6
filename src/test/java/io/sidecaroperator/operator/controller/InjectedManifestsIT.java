package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests that were injected before they were applied: the operator finds them in sync. */
class InjectedManifestsIT {
    private static final List<String> KINDS = List.of("Deployment", "StatefulSet", "DaemonSet", "CronJob");

    @TempDir
    private Path directory;

    @Test
    void theOperatorWritesNothingToThem() throws IOException {
        TestCluster cluster = TestCluster.get();
        Installation installation = Installation.install(cluster);
        Shop shop = new Shop(cluster, "injected");
        String policy = Shop.policy("logs", "logs:1");
        Path file = Files.writeString(directory.resolve("logs.yaml"), policy);
        String manifests = String.join(
                "---\n", KINDS.stream().map(kind -> Shop.workload(kind, "web")).toList());

        shop.apply(CommandRun.of(manifests, "inject", "-n", shop.namespace(), "--policy", file.toString())
                .ok());
        shop.apply(policy);
        shop.awaitRunning("web");
        Map<String, JsonNode> before = new HashMap<>();
        KINDS.forEach(kind -> before.put(kind, shop.get(kind, "web")));
        Audit audit = Audit.fromNow(cluster, installation.user());

        try (RunningManager running = RunningManager.start(installation, shop.namespace())) {
            shop.awaitPolicy(
                    "logs",
                    found -> found.at("/status/workloads/injected").asInt() == KINDS.size()
                            && found.at("/status/workloads/outdated").asInt() == 0);
            shop.awaitReady("logs");
            for (String kind : KINDS) {
                JsonNode old = Objects.requireNonNull(before.get(kind));
                JsonNode after = shop.get(kind, "web");
                assertThat(after.at("/metadata/generation")).as(kind).isEqualTo(old.at("/metadata/generation"));
                assertThat(after.get("spec")).as(kind).isEqualTo(old.get("spec"));
                assertThat(after.at("/metadata/managedFields").toString())
                        .as(kind)
                        .doesNotContain("\"manager\":\"sidecar-operator\"");
            }
            assertThat(audit.writes())
                    .noneMatch(write -> write.matches(".*(deployment|statefulset|daemonset|cronjob)s.*"));
            assertThat(running.user()).isEqualTo(installation.user());
        }
    }
}

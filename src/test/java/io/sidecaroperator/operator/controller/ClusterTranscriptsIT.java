package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.docs.Transcripts;
import io.sidecaroperator.docs.Transcripts.Step;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What docs/cli.md shows of a cluster is what the commands print about the example's workloads in a real cluster. */
class ClusterTranscriptsIT {
    private static final String FILE = "docs/cli.md";
    private static final String UPDATE = "mvn verify -Dit.test=ClusterTranscriptsIT -Dtranscripts.update";
    private static final Duration SOON = Duration.ofMinutes(3);

    private final TestCluster cluster = TestCluster.get();

    @Test
    void theCommandsPrintWhatThePageShows() throws IOException {
        Installation installation = Installation.install(cluster);
        kubectl("apply", "-f", "examples/log-collector/app.yaml");
        kubectl("apply", "-f", "examples/log-collector/policy.yaml");
        try (RunningManager running = RunningManager.start(installation, "shop")) {
            await().atMost(SOON).until(() -> isInjected(policy()));
            kubectl("-n", "shop", "wait", "sidecarpolicy/logs", "--for=condition=Ready", "--timeout=240s");
            assertThat(running.manager().failure()).isEmpty();
        }
        if (System.getProperty("transcripts.update") != null) {
            Transcripts.of(FILE).update(step -> step.needsCluster() ? printed(step) : step.printed());
        }
        List<Step> steps =
                Transcripts.of(FILE).steps().stream().filter(Step::needsCluster).toList();
        assertThat(steps)
                .extracting(step -> step.command().split(" ", -1)[1])
                .contains("status", "uninstall", "explain", "diff");
        for (Step step : steps) {
            List<String> printed = printed(step);
            Step timeless = new Step(step.line(), step.command(), timeless(step.printed()));
            assertThat(timeless.matches(timeless(printed)))
                    .as(
                            "%s, line %d: $ %s%nprints%n%s%nbring the page up to date with: %s",
                            FILE, step.line() + 1, step.command(), String.join("\n", printed), UPDATE)
                    .isTrue();
        }
    }

    /** Other tests share the cluster, and use the example's namespace, too. */
    @BeforeEach
    @AfterEach
    void removeTheNamespace() {
        cluster.installCrds();
        for (String policy : kubectl("-n", "shop", "get", "sidecarpolicies", "-o", "name")
                .lines()
                .toList()) {
            cluster.kubectl(
                    "", "-n", "shop", "patch", policy, "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
        }
        kubectl("delete", "namespace", "shop", "--ignore-not-found", "--timeout=240s");
    }

    private List<String> printed(Step step) {
        return Transcripts.run(Map.of("KUBECONFIG", cluster.variable("KUBECONFIG")), step.command());
    }

    /** Returns the lines without ages and without the blanks that depend on them. */
    private static List<String> timeless(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("\\b(\\d+ ?(s|m|h)|\\d{4}-\\d\\d-\\d\\dT[\\d:]+Z)\\b", "TIME")
                        .replaceAll(" +", " ")
                        .strip())
                .toList();
    }

    private static boolean isInjected(JsonNode policy) {
        return policy.at("/status/workloads/injected").asInt() == 1;
    }

    private JsonNode policy() {
        return Json.parse(kubectl("-n", "shop", "get", "sidecarpolicy", "logs", "-o", "json"));
    }

    private String kubectl(String... arguments) {
        return cluster.kubectl("", arguments).ok().out();
    }
}

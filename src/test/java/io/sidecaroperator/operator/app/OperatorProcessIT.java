package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.admission.WebhookAddress;
import io.sidecaroperator.operator.admission.WebhookConfiguration;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The life of the process as seen from outside: its start, its end, and a missing prerequisite. */
class OperatorProcessIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final String WEBHOOK = "sidecar-operator";

    private final Installation installation = Installation.install(CLUSTER);

    @AfterAll
    static void removeRegistration() {
        CLUSTER.kubectl("", "delete", "mutatingwebhookconfiguration", WEBHOOK, "--ignore-not-found")
                .ok();
    }

    @Test
    void endsInOrderWhenItIsToldTo() throws Exception {
        try (OperatorRun operator = OperatorRun.start(installation).ready()) {
            assertThat(operator.terminate()).as(operator.log()).isZero();
            assertThat(operator.log()).doesNotContain("Exception");
        }
    }

    @Test
    void podsAreCreatedWhileTheOperatorIsDown() throws Exception {
        String namespace = CLUSTER.namespace("down", Map.of());
        try (OperatorRun operator = OperatorRun.start(installation).ready()) {
            assertThat(operator.terminate()).isZero();
        }
        assertThat(webhook().path("clientConfig").path("url").asText()).startsWith("https://127.0.0.1:");

        Program.Result created = CLUSTER.kubectl(
                "{apiVersion: v1, kind: Pod, metadata: {name: bare},"
                        + " spec: {containers: [{name: app, image: example.org/app:1}]}}",
                "--namespace",
                namespace,
                "create",
                "-f",
                "-");

        assertThat(created.ok().out()).contains("pod/bare created");
    }

    @Test
    void aRestartRepairsTheRegistrationByOneWrite() throws Exception {
        OperatorRun.start(installation).ready().close();
        JsonNode first = webhook();
        long before = writes();

        try (OperatorRun operator = OperatorRun.start(installation).ready()) {
            assertThat(operator.get("/readyz").statusCode()).isEqualTo(200);
        }

        JsonNode second = webhook();
        assertThat(second.at("/clientConfig/caBundle")).isNotEqualTo(first.at("/clientConfig/caBundle"));
        assertThat(second.path("rules")).isEqualTo(first.path("rules"));
        await().untilAsserted(() -> assertThat(writes() - before).isEqualTo(1));
    }

    @Test
    void whatTheApiServerStoresIsWhatWasSent() throws Exception {
        OperatorRun.start(installation).ready().close();

        JsonNode stored = webhooks();

        URI url = URI.create(stored.at("/0/clientConfig/url").asText());
        WebhookConfiguration configuration = new WebhookConfiguration(
                new WebhookAddress.Url(url.getHost(), url.getPort()),
                stored.at("/0/clientConfig/caBundle").asText(),
                new WebhookConfiguration.Reach(installation.namespace(), Set.of()));
        assertThat(stored)
                .as("a field that the API server defaults would cost a write at each start")
                .isEqualTo(Json.array()
                        .add(configuration.pods())
                        .add(configuration.workloads(WorkloadKinds.BUILT_IN, installation.user())));
    }

    @Test
    void workloadsAreLeftToTheReconcilerWhenTheSettingsSaySo() throws Exception {
        OperatorRun.start(installation, "--workload-webhook", "false").ready().close();

        assertThat(webhooks()).hasSize(1);
        assertThat(webhook().path("name").asText()).startsWith("pods.");
    }

    @Test
    void withoutPermissionItSaysWhichAndEndsWithCodeOne() throws Exception {
        CLUSTER.kubectl("", "delete", "clusterrolebinding", "sidecar-operator").ok();
        try (OperatorRun operator = OperatorRun.start(installation)) {
            assertThat(operator.exitCode()).isEqualTo(1);
            assertThat(operator.log().lines().filter(line -> line.startsWith("sidecar: ")))
                    .singleElement()
                    .asString()
                    .contains("SidecarPolicy")
                    .contains("forbidden")
                    .contains(installation.user());
            assertThat(operator.log()).doesNotContain("\tat ");
        } finally {
            Installation.install(CLUSTER);
        }
    }

    /** The webhook for pods. */
    private static JsonNode webhook() {
        return webhooks().path(0);
    }

    private static JsonNode webhooks() {
        return Json.parse(CLUSTER.kubectl("", "get", "mutatingwebhookconfiguration", WEBHOOK, "-o", "json")
                        .ok()
                        .out())
                .path("webhooks");
    }

    private long writes() {
        return CLUSTER.audit(0, installation.user()).stream()
                .filter(event -> event.at("/objectRef/resource").asText().equals("mutatingwebhookconfigurations"))
                .filter(event -> List.of("create", "update", "patch")
                        .contains(event.path("verb").asText()))
                .count();
    }
}

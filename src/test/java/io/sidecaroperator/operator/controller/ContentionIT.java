package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.operator.write.ContentionBackoff;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.PolicyFile;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens with a Deployment when another controller keeps removing its sidecar. */
class ContentionIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static RunningManager operator;

    @BeforeAll
    static void start() {
        operator = RunningManager.start(Installation.install(CLUSTER));
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoTakesBackEveryWriteIsNamedAndLeftAloneAndTheSidecarComesByItselfWhenItStops(boolean stamps) {
        Shop shop = new Shop(CLUSTER, "fight");
        Audit audit = Audit.fromNow(CLUSTER, operator.user());
        int takenBack;
        try (Owner owner = new Owner(CLUSTER.admin(), shop.namespace(), stamps)) {
            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));

            JsonNode policy = shop.awaitPolicy(
                    "logs",
                    found -> "KeepsBeingRemoved"
                            .equals(Shop.condition(found, "Conflicted")
                                    .path("reason")
                                    .asText()));

            Instant said = Instant.parse(Shop.condition(policy, "Conflicted")
                    .path("lastTransitionTime")
                    .asText());
            assertThat(times(audit, shop).stream().filter(time -> time.isBefore(said.plusSeconds(1))))
                    .as("before it was reported, to the second")
                    .hasSize(ContentionBackoff.ROUNDS);
            assertThat(Shop.condition(policy, "Conflicted").path("status").asText())
                    .isEqualTo("True");
            assertThat(policy.at("/status/exceptions/0/message").asText())
                    .contains("taken out again 5 times, the last other field manager is " + Owner.MANAGER);
            assertThat(policy.at("/status/workloads/refused").asInt()).isEqualTo(1);
            shop.awaitEvent("Deployment", "web", "KeepsBeingRemoved policy");
            // On a slow machine the next try may have come meanwhile. It is reverted like those before it.
            shop.awaitDeployment("web", Shop::isPlain);
            owner.close();
            takenBack = owner.takenBack();
        }

        shop.awaitDeployment("web", deployment -> Shop.retains(deployment, "log-collector"));

        JsonNode policy = shop.awaitReady("logs");
        assertThat(Shop.condition(policy, "Conflicted").path("status").asText()).isEqualTo("False");
        assertThat(policy.at("/status/workloads/injected").asInt()).isEqualTo(1);
        assertThat(times(audit, shop)).hasSize(takenBack + 1);
        assertThat(takenBack).isGreaterThanOrEqualTo(ContentionBackoff.ROUNDS);
        List<Instant> late = times(audit, shop).subList(ContentionBackoff.ROUNDS - 1, takenBack + 1);
        for (int i = 1; i < late.size(); i++) {
            assertThat(Duration.between(late.get(i - 1), late.get(i)))
                    .as("it waits before it tries again")
                    .isGreaterThanOrEqualTo(ContentionBackoff.FIRST_PAUSE);
        }
    }

    /** When the operator wrote the workload. */
    private static List<Instant> times(Audit audit, Shop shop) {
        return audit.in(shop.namespace(), "patch", "deployments").stream()
                .filter(event -> event.at("/responseStatus/code").asInt() == 200)
                .map(event ->
                        Instant.parse(event.path("requestReceivedTimestamp").asText()))
                .sorted()
                .toList();
    }

    /**
     * Creates a Deployment, and writes it again whenever its pods have an init container, optionally with a new
     * timestamp each time.
     */
    private static final class Owner implements ResourceEventHandler<Deployment>, AutoCloseable {
        static final String MANAGER = "shop-owner";

        private final ObjectNode manifest =
                PolicyFile.yaml(Shop.deployment("web")).findFirst().orElseThrow();
        private final KubernetesClient client;
        private final String collection;
        private final boolean stamps;
        private final SharedIndexInformer<Deployment> watch;
        private final Set<Long> injected = ConcurrentHashMap.newKeySet();

        Owner(KubernetesClient client, String namespace, boolean stamps) {
            this.client = client;
            this.collection = "/apis/apps/v1/namespaces/" + namespace + "/deployments";
            this.stamps = stamps;
            send("POST", "");
            this.watch = client.apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withName("web")
                    .inform(this);
        }

        @Override
        public void onAdd(Deployment deployment) {
            onUpdate(deployment, deployment);
        }

        @Override
        public void onUpdate(Deployment before, Deployment deployment) {
            if (deployment.getSpec().getTemplate().getSpec().getInitContainers().isEmpty()) {
                return;
            }
            injected.add(deployment.getMetadata().getGeneration());
            if (stamps) {
                manifest.withObject("/spec/template/metadata/annotations")
                        .put("stamp", deployment.getMetadata().getResourceVersion());
            }
            send("PUT", "/web");
        }

        @Override
        public void onDelete(Deployment deployment, boolean unknown) {
            // The end of the watch is the end of the test.
        }

        private void send(String method, String path) {
            client.raw(collection + path + "?fieldManager=" + MANAGER, method, Json.text(manifest));
        }

        /** How many writes of the operator it has reverted. */
        int takenBack() {
            return injected.size();
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}

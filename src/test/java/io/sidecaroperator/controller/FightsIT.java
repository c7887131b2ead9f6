package io.sidecaroperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.PolicyFile;
import io.sidecaroperator.support.TestCluster;
import io.sidecaroperator.tree.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a Deployment of which another controller is sure that it has no sidecar. */
class FightsIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static RunningControllers operator;

    @BeforeAll
    static void start() {
        operator = RunningControllers.start(RunningControllers.install(CLUSTER));
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @Test
    void who_takes_back_every_write_is_named_and_left_alone_and_the_sidecar_comes_by_itself_when_it_stops() {
        Shop shop = new Shop(CLUSTER, "fight");
        try (Owner owner = new Owner(CLUSTER.admin(), shop.namespace())) {
            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));

            JsonNode policy = shop.awaitPolicy(
                    "logs",
                    found -> "KeepsBeingRemoved"
                            .equals(Shop.condition(found, "Conflicted")
                                    .path("reason")
                                    .asText()));

            assertThat(writes(shop)).isEqualTo(Fights.ROUNDS);
            assertThat(Shop.condition(policy, "Conflicted").path("status").asText())
                    .isEqualTo("True");
            assertThat(policy.at("/status/exceptions/0/message").asText())
                    .contains("taken out again 5 times, the last other field manager is " + Owner.MANAGER);
            assertThat(policy.at("/status/workloads/refused").asInt()).isEqualTo(1);
            shop.awaitEvent("Deployment", "web", "KeepsBeingRemoved policy");
            assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();
        }

        shop.awaitDeployment("web", deployment -> Shop.carries(deployment, "log-collector"));

        JsonNode policy = shop.awaitReady("logs");
        assertThat(Shop.condition(policy, "Conflicted").path("status").asText()).isEqualTo("False");
        assertThat(policy.at("/status/workloads/injected").asInt()).isEqualTo(1);
        assertThat(writes(shop)).isEqualTo(Fights.ROUNDS + 1);
    }

    private static long writes(Shop shop) {
        return new Audit(CLUSTER, operator.user())
                .in(shop.namespace(), "patch", "deployments").stream()
                        .filter(event -> event.at("/responseStatus/code").asInt() == 200)
                        .count();
    }

    /** Makes a Deployment, and writes it anew whenever its pods have an init container. */
    private static final class Owner implements AutoCloseable {
        static final String MANAGER = "shop-owner";

        private final SharedIndexInformer<Deployment> watch;

        Owner(KubernetesClient client, String namespace) {
            String manifest = Json.text(
                    PolicyFile.yaml(Shop.deployment("web")).findFirst().orElseThrow());
            String collection = "/apis/apps/v1/namespaces/" + namespace + "/deployments";
            String query = "?fieldManager=" + MANAGER;
            client.raw(collection + query, "POST", manifest);
            this.watch = client.apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withName("web")
                    .inform(new ResourceEventHandler<>() {
                        @Override
                        public void onAdd(Deployment deployment) {
                            onUpdate(deployment, deployment);
                        }

                        @Override
                        public void onUpdate(Deployment before, Deployment deployment) {
                            if (!deployment
                                    .getSpec()
                                    .getTemplate()
                                    .getSpec()
                                    .getInitContainers()
                                    .isEmpty()) {
                                client.raw(collection + "/web" + query, "PUT", manifest);
                            }
                        }

                        @Override
                        public void onDelete(Deployment deployment, boolean unknown) {
                            // Its end is the end of the test.
                        }
                    });
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}

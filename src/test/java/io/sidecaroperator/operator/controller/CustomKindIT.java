package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A kind that only the configuration names, whose CRD is installed after the operator. */
class CustomKindIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final WorkloadKinds KINDS = WorkloadKinds.parse(List.of("example.org/v1/Canary=/spec/run/template"));
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: canaries.example.org}
            spec:
              group: example.org
              names: {kind: Canary, plural: canaries}
              scope: Namespaced
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;
    private static final String ROLE = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: canaries}
            rules:
            - {apiGroups: [example.org], resources: [canaries], verbs: [list, watch, patch]}
            """;
    private static final String CANARY = """
            apiVersion: example.org/v1
            kind: Canary
            metadata: {name: web}
            spec:
              weight: 0.5
              steps: []
              run:
                template:
                  metadata: {labels: {logs: collected}}
                  spec:
                    fromTheFuture: {a: 1.0, b: [], c: {}}
                    containers:
                    - name: app
                      image: shop/web:1
            """;

    @Test
    void aKindWhoseDefinitionComesLateIsInjectedUpdatedAndGivenBack() {
        Installation installation = Installation.install(CLUSTER);
        CLUSTER.kubectl(ROLE, "apply", "-f", "-").ok();
        CLUSTER.kubectl(
                        "",
                        "create",
                        "clusterrolebinding",
                        "canaries",
                        "--clusterrole=canaries",
                        "--serviceaccount=" + installation.user().replace("system:serviceaccount:", ""))
                .ok();
        Shop shop = new Shop(CLUSTER, "custom");
        try (RunningManager operator = RunningManager.start(installation, KINDS, shop.namespace())) {
            shop.apply(Shop.deployment("web"));
            shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
            shop.awaitReady("logs");
            assertThat(operator.manager().ready()).isTrue();
            Audit audit = Audit.fromNow(CLUSTER, operator.user());

            CLUSTER.kubectl(DEFINITION, "apply", "-f", "-").ok();
            CLUSTER.kubectl("", "wait", "--for=condition=Established", "crd/canaries.example.org")
                    .ok();
            shop.apply(CANARY);
            String before = Json.text(shop.get("canary", "web").path("spec"));

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Json.text(shop.get("canary", "web")).contains("\"name\":\"log-collector\""));
            shop.awaitPolicy(
                    "logs", policy -> policy.at("/status/workloads/injected").asInt() == 2);
            shop.awaitEvent("Canary", "web", "Injected policy");
            String injected = Json.text(shop.get("canary", "web").path("spec"));

            shop.kubectl("patch", "canary", "web", "--type=json", "-p", """
                    [{"op": "replace", "path": "/spec/run/template/spec/containers/0/image", "value": "shop/web:2"}]""");
            JsonNode updated = shop.await("canary", "web", web -> Json.text(web).contains("shop/web:2"));
            assertThat(Json.text(updated.path("spec"))).isEqualTo(injected.replace("shop/web:1", "shop/web:2"));
            assertThat(audit.in(shop.namespace(), "patch", "canaries")).hasSize(1);
            assertThat(audit.in(shop.namespace(), "get", "canaries")).isEmpty();

            shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");
            assertThat(Json.text(shop.get("canary", "web").path("spec")))
                    .isEqualTo(before.replace("shop/web:1", "shop/web:2"));
        }
    }
}

package io.sidecaroperator.operator.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;

/** A Deployment as large as real ones: two containers with 10 to 80 variables, pod specs of 2 to 8 KB. */
final class BusyDeployment {
    private static final int SIZES = 4;

    private BusyDeployment() {}

    static ObjectNode of(String namespace, int number, int replicas) {
        String name = "web-" + number;
        ObjectNode deployment = (ObjectNode) Json.parse("""
                {"apiVersion": "apps/v1", "kind": "Deployment",
                 "metadata": {"name": "%1$s", "namespace": "%2$s", "labels": {"app": "%1$s", "team": "team-%3$d"}},
                 "spec": {"replicas": %4$d, "selector": {"matchLabels": {"app": "%1$s"}},
                  "template": {
                   "metadata": {"labels": {"app": "%1$s", "logs": "collected"},
                    "annotations": {"checksum/config": "%5$064x"}},
                   "spec": {
                    "volumes": [{"name": "config", "configMap": {"name": "config-%3$d"}},
                     {"name": "tmp", "emptyDir": {}}],
                    "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
                     {"weight": 100, "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname",
                      "labelSelector": {"matchLabels": {"app": "%1$s"}}}}]}}}}}}
                """.formatted(name, namespace, number % 20, replicas, number));
        int size = number % SIZES;
        ArrayNode containers = ((ObjectNode) deployment.at("/spec/template/spec")).putArray("containers");
        containers.add(container("web", number, 6 + 16 * size));
        containers.add(container("proxy", number, 4 + 8 * size));
        if (number % 2 == 1) {
            // What "kubectl apply" leaves.
            ((ObjectNode) deployment.path("metadata"))
                    .putObject("annotations")
                    .put("kubectl.kubernetes.io/last-applied-configuration", Json.text(deployment));
        }
        return deployment;
    }

    private static ObjectNode container(String name, int number, int variables) {
        ObjectNode container = (ObjectNode) Json.parse("""
                {"name": "%1$s", "image": "registry.example.com/team/%1$s:1.%2$d.0",
                 "args": ["--config=/etc/%1$s/config.yaml", "--listen=:8080", "--verbose=false"],
                 "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
                 "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10},
                 "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 5},
                 "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                  "runAsNonRoot": true, "capabilities": {"drop": ["ALL"]}},
                 "volumeMounts": [{"name": "config", "mountPath": "/etc/%1$s"}, {"name": "tmp", "mountPath": "/tmp"}]}
                """.formatted(name, number));
        ArrayNode env = container.putArray("env");
        for (int i = 0; i < variables; i++) {
            env.addObject()
                    .put("name", name.toUpperCase(java.util.Locale.ROOT) + "_SETTING_" + i)
                    .put("value", "value-" + number + "-" + i + "-of-this-service");
        }
        return container;
    }
}

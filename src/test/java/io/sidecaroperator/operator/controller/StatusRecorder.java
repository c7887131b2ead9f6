package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Records every state of the policies of a namespace that has a status, with its own watch. */
final class StatusRecorder implements AutoCloseable, Watcher<GenericKubernetesResource> {
    private final KubernetesClient client;
    private final List<JsonNode> policies = new ArrayList<>();
    private final Watch watch;
    private boolean ended;

    StatusRecorder(KubernetesClient client, String namespace) {
        this.client = client;
        this.watch = client.genericKubernetesResources("sidecar-operator.io/v1alpha1", "SidecarPolicy")
                .inNamespace(namespace)
                .watch(this);
    }

    @Override
    public synchronized void eventReceived(Action action, GenericKubernetesResource policy) {
        JsonNode tree = Json.parse(client.getKubernetesSerialization().asJson(policy));
        if (tree.has("status")) {
            policies.add(tree);
        }
    }

    @Override
    public synchronized void onClose(WatcherException cause) {
        ended = true;
    }

    /** Returns the policies with their statuses, in the order of the API server. */
    synchronized List<JsonNode> policies() {
        if (ended) {
            throw new AssertionError("the watch has ended, so that something may have been missed");
        }
        return List.copyOf(policies);
    }

    @Override
    public void close() {
        watch.close();
    }
}

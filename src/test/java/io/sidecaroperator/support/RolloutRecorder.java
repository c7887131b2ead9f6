package io.sidecaroperator.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Records, with its own watch, what a policy does to the Deployments of a namespace: when each got another revision,
 * and how many were rolling out at each moment. It does not use the operator's own data.
 */
public final class RolloutRecorder implements AutoCloseable, Watcher<Deployment> {
    private final PolicyKey policy;
    private final KubernetesClient client;
    private final Map<String, Optional<String>> revisions = new HashMap<>();
    private final Set<String> inFlight = new HashSet<>();
    private final List<Step> steps = new ArrayList<>();
    private final Watch watch;
    private int most;
    private boolean ended;

    /** Begins to watch. */
    public RolloutRecorder(KubernetesClient client, String namespace, PolicyKey policy) {
        this.policy = policy;
        this.client = client;
        this.watch = client.apps().deployments().inNamespace(namespace).watch(this);
    }

    /**
     * A Deployment got another revision of the policy, or lost it. {@code inFlight} Deployments were then rolling out,
     * including this one.
     */
    public record Step(String deployment, Optional<String> from, Optional<String> to, int inFlight) {}

    @Override
    public synchronized void eventReceived(Action action, Deployment deployment) {
        if (action == Action.DELETED || action == Action.BOOKMARK) {
            return;
        }
        String name = deployment.getMetadata().getName();
        JsonNode tree = Json.parse(client.getKubernetesSerialization().asJson(deployment));
        Optional<String> revision = Engine.receiptOf((ObjectNode) tree.at("/spec/template"))
                .map(receipt -> receipt.entries().get(policy))
                .map(entry -> entry.revision());
        Optional<String> before = revisions.put(name, revision);
        if (before != null && !before.equals(revision)) {
            inFlight.add(name);
            most = Math.max(most, inFlight.size());
            steps.add(new Step(name, before, revision, inFlight.size()));
        } else if (isComplete(tree)) {
            inFlight.remove(name);
        }
    }

    /** Whether the rollout is complete, by the rules of {@code kubectl rollout status}. */
    private static boolean isComplete(JsonNode deployment) {
        JsonNode status = deployment.path("status");
        int wanted = deployment.at("/spec/replicas").asInt();
        return status.path("observedGeneration").asLong()
                        >= deployment.at("/metadata/generation").asLong()
                && status.path("updatedReplicas").asInt() == wanted
                && status.path("replicas").asInt() == wanted
                && status.path("availableReplicas").asInt() == wanted;
    }

    @Override
    public synchronized void onClose(WatcherException cause) {
        ended = true;
    }

    /** Forgets the past steps, and continues from the present state. */
    public synchronized void restart() {
        steps.clear();
        most = 0;
    }

    /** Returns the most Deployments that were rolling out at a time. */
    public synchronized int most() {
        if (ended) {
            throw new AssertionError("the watch has ended, so that something may have been missed");
        }
        return most;
    }

    /** Returns the steps, in the order of the API server. */
    public synchronized List<Step> steps() {
        return List.copyOf(steps);
    }

    @Override
    public void close() {
        watch.close();
    }
}

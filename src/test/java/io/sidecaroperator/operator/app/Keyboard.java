package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One user of a namespace with the real kubectl, and what this user can see there. */
record Keyboard(TestCluster cluster, String namespace) {
    private static final Duration SOON = Duration.ofMinutes(3);

    /** Returns a user in a new namespace. */
    static Keyboard inNewNamespace(TestCluster cluster, String prefix) {
        return new Keyboard(cluster, cluster.namespace(prefix, Map.of()));
    }

    /** Runs kubectl in the namespace. A failure is an error. */
    Program.Result types(String... arguments) {
        return pipes("", arguments);
    }

    /** The same with a manifest as standard input. */
    Program.Result pipes(String manifest, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--namespace", namespace));
        all.addAll(List.of(arguments));
        return cluster.kubectl(manifest, all.toArray(new String[0])).ok();
    }

    Program.Result applies(String manifest) {
        return pipes(manifest, "apply", "-f", "-");
    }

    /** Returns the policy {@code agent}, with another revision for each number. */
    static String policy(int revision, String more) {
        return """
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: agent}
                spec:
                  selector: {matchLabels: {agent: "on"}}
                  sharedVolumes:
                  - {name: agent-data, mountPath: /agent, envVar: AGENT_DIR}
                  sidecars:
                  - {name: agent, image: example.org/agent:%d}
                  %s
                """.formatted(revision, more);
    }

    /** Stores a policy and waits until the operator knows its current version. */
    void setsPolicy(String manifest) {
        applies(manifest);
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode policy = sees("sidecarpolicy", "agent");
            assertThat(policy.at("/status/observedGeneration").asLong())
                    .isEqualTo(policy.at("/metadata/generation").asLong());
        });
    }

    /** Returns an object as it is stored. */
    ObjectNode sees(String kind, String name) {
        return cluster.get(kind, namespace, name);
    }

    /** Returns the Deployment {@code web} after its controller has observed its current version. */
    ObjectNode seesDeployment() {
        return await().atMost(SOON)
                .until(
                        () -> sees("deployment", "web"),
                        web -> web.at("/status/observedGeneration").asLong()
                                == web.at("/metadata/generation").asLong());
    }

    /** Returns how many ReplicaSets the Deployment {@code web} has had so far. */
    int countsReplicaSets() {
        seesDeployment();
        return cluster.list("replicaset", namespace, "labelSelector=app=web").size();
    }

    /** Returns the tag of the sidecar's image in a template, or "-" without a sidecar. */
    static String sidecar(JsonNode template) {
        return Json.named(template.path("spec"), "initContainers", "agent")
                .map(agent -> agent.path("image").asText().replaceFirst(".*:", ""))
                .orElse("-");
    }

    /** Returns the value of an annotation, or null. */
    static @Nullable String annotation(JsonNode object, String name) {
        return Json.textAt(Json.objectAt(object.path("metadata"), "annotations"), name);
    }
}

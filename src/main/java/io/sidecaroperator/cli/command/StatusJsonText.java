package io.sidecaroperator.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.api.v1alpha1.PolicyCondition;
import io.sidecaroperator.cli.cluster.ObservedPolicy;
import io.sidecaroperator.core.json.Json;
import java.util.List;

/** Writes the state of policies and workloads for a program. */
final class StatusJsonText {
    private StatusJsonText() {}

    static String of(List<ObservedPolicy> policies, List<StatusRow> rows) {
        ObjectNode root = Json.object();
        ArrayNode list = root.putArray("policies");
        policies.forEach(policy -> put(list.addObject(), policy));
        ArrayNode workloads = root.putArray("workloads");
        rows.forEach(row -> workloads
                .addObject()
                .put("kind", row.kind())
                .put("namespace", row.namespace())
                .put("name", row.name())
                .put("policy", row.policy().toString())
                .put("state", row.state())
                .put("message", row.message()));
        return Json.text(root) + "\n";
    }

    private static void put(ObjectNode node, ObservedPolicy policy) {
        node.put("namespace", policy.key().namespace())
                .put("name", policy.key().name())
                .put("mode", policy.mode())
                .put("ready", policy.isReady())
                .put("stalled", policy.isStalled())
                .put("observed", policy.current())
                .put("deleting", policy.deleting());
        policy.condition(PolicyCondition.Type.Ready).ifPresent(ready -> node.put("reason", ready.reason()));
        policy.trouble().ifPresent(message -> node.put("message", message));
        policy.revision().ifPresent(revision -> node.put("revision", revision));
        policy.proven().ifPresent(revision -> node.put("provenRevision", revision));
        policy.failed().ifPresent(revision -> node.put("failedRevision", revision));
        node.set("workloads", Json.MAPPER.valueToTree(policy.counts()));
    }
}

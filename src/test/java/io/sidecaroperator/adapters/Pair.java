package io.sidecaroperator.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.RandomWorld;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.policy.validation.BundledCrds;
import io.sidecaroperator.core.policy.validation.PolicyValidator;
import io.sidecaroperator.core.policy.validation.Severity;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A random workload of any kind in a namespace of its own, and the policies that select it. So thousands of them can
 * share one stream and one policy index, and every adapter has to find the right ones again.
 *
 * @param labels of the namespace
 * @param limitRanges of the namespace, as specs
 * @param policies valid ones only
 * @param compiled the same policies
 */
record Pair(
        WorkloadKind kind,
        ObjectNode workload,
        String namespace,
        Map<String, String> labels,
        List<ObjectNode> limitRanges,
        List<ObjectNode> policies,
        List<CompiledPolicy> compiled) {
    private static final PolicyValidator VALIDATOR = new PolicyValidator(BundledCrds.read());
    private static final String NUMBER = "example.com/number";

    static Pair of(long seed, String namespace) {
        RandomWorld world = new RandomWorld(seed, seed % 4 == 0 ? RandomWorld.Shape.VALID : RandomWorld.Shape.WILD);
        ObjectNode template = world.template();
        Input input = world.input(template);
        Map<String, String> labels = new HashMap<>(input.namespace().labels());
        labels.put("kubernetes.io/metadata.name", namespace);
        labels.put(NUMBER, "n" + seed);
        List<ObjectNode> policies = new ArrayList<>();
        for (ObjectNode policy : world.policies()) {
            place(policy, namespace, seed);
            if (VALIDATOR.validate(policy).stream().noneMatch(finding -> finding.severity() == Severity.ERROR)) {
                policies.add(policy);
            }
        }
        WorkloadKind kind = WorkloadKind.ALL.get((int) (seed % WorkloadKind.ALL.size()));
        ObjectNode workload = workload(kind, input, template, namespace);
        return new Pair(
                kind,
                workload,
                namespace,
                labels,
                input.namespace().limitRanges(),
                policies,
                policies.stream().map(PolicyCompiler::compile).toList());
    }

    private static void place(ObjectNode policy, String namespace, long seed) {
        ObjectNode metadata = policy.withObject("/metadata");
        if (metadata.has("namespace")) {
            metadata.put("namespace", namespace);
        } else {
            metadata.put("name", metadata.path("name").textValue() + "-" + seed);
            policy.withObject("/spec/namespaceSelector/matchLabels").put(NUMBER, "n" + seed);
        }
    }

    private static ObjectNode workload(WorkloadKind kind, Input input, ObjectNode template, String namespace) {
        ObjectNode workload = Json.object()
                .put("apiVersion", kind.group().isEmpty() ? "v1" : kind.group() + "/v1")
                .put("kind", kind.kind());
        ObjectNode metadata = workload.putObject("metadata");
        metadata.put("name", input.ref().name()).put("namespace", namespace);
        if (kind.equals(WorkloadKind.POD)) {
            if (template.get("metadata") instanceof ObjectNode own) {
                metadata.setAll(own);
            }
            template.remove("metadata");
            return workload.setAll(template);
        }
        if (kind.kind().equals("StatefulSet")) {
            input.claimNames()
                    .forEach(name -> workload.withObject("/spec")
                            .withArrayProperty("volumeClaimTemplates")
                            .addObject()
                            .putObject("metadata")
                            .put("name", name));
        }
        workload.withObject(kind.template().head().toString())
                .set(kind.template().last().getMatchingProperty(), template);
        return workload;
    }

    ObjectNode template() {
        return kind.templateOf(workload).orElseThrow();
    }

    Input.InNamespace inNamespace() {
        return new Input.InNamespace(labels, Input.SYSTEM_NAMESPACES.contains(namespace), limitRanges);
    }

    Input input(KubernetesVersion server, Trigger trigger) {
        return new Input(
                kind.refOf(workload, namespace),
                inNamespace(),
                WorkloadKind.claimNames(workload),
                template(),
                kind.equals(WorkloadKind.POD),
                server,
                trigger,
                Set.of());
    }

    /** The template as a Pod without a controller. */
    ObjectNode barePod() {
        ObjectNode pod = template().deepCopy();
        JsonNode metadata = pod.path("metadata");
        if (!metadata.isObject()) {
            pod.putObject("metadata");
        }
        pod.withObject("/metadata").put("name", "bare").put("namespace", namespace);
        return pod;
    }

    Input factsOfBarePod(KubernetesVersion server) {
        WorkloadRef ref = WorkloadKind.POD.refOf(barePod(), namespace);
        return Input.ofPod(ref, inNamespace(), barePod(), server, new Trigger.Create());
    }

    /** The engine's result, with the policies of this pair alone. */
    Injection answer(Input input) {
        return Engine.CURRENT.inject(input, PolicyIndex.of(compiled));
    }

    /** The documents of a stream that belong to this pair, the workload last. */
    List<ObjectNode> documents() {
        List<ObjectNode> documents = new ArrayList<>();
        ObjectNode own = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        labels.forEach(own.putObject("metadata").put("name", namespace).putObject("labels")::put);
        documents.add(own);
        for (ObjectNode spec : limitRanges) {
            ObjectNode range = Json.object().put("apiVersion", "v1").put("kind", "LimitRange");
            range.putObject("metadata").put("name", "limits").put("namespace", namespace);
            range.set("spec", spec);
            documents.add(range);
        }
        documents.addAll(policies);
        documents.add(workload);
        return documents;
    }
}

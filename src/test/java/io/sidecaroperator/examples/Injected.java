package io.sidecaroperator.examples;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.List;

/**
 * The engine's result for one object of an example under the example's policy.
 *
 * @param original the object as it is in the file
 * @param injection the engine's result for its pod template
 * @param object the object with the template that the policy wants
 */
record Injected(ObjectNode original, Injection injection, ObjectNode object) {
    /** Asks the engine. */
    static Injected of(Example example, ObjectNode original) {
        return of(example, original, kind(original).templateOf(original).orElseThrow());
    }

    /** Asks the engine again, with its own result as the input. */
    static Injected again(Example example, Injected first) {
        return of(
                example,
                first.object,
                kind(first.object).templateOf(first.object).orElseThrow());
    }

    /** Returns the result for every app of an example. */
    static List<Injected> all(Example example) {
        return example.apps().stream().map(app -> of(example, app)).toList();
    }

    private static Injected of(Example example, ObjectNode object, ObjectNode template) {
        WorkloadKind kind = kind(object);
        Input input = Input.ofTemplate(
                        kind.refOf(object, "default"),
                        new Input.InNamespace(
                                Json.strings(example.namespace().get("metadata"), "labels"), false, List.of()),
                        template,
                        KubernetesVersion.NEWEST,
                        new Trigger.Offline())
                .withClaimNames(WorkloadKind.claimNames(object));
        PolicyIndex index = PolicyIndex.of(List.of(PolicyCompiler.compile(example.policy())));
        Injection injection = Engine.CURRENT.inject(input, index);
        return new Injected(object, injection, kind.withTemplate(object, injection.template()));
    }

    private static WorkloadKind kind(ObjectNode object) {
        return WorkloadKind.of(object).orElseThrow();
    }
}

package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.Explainer;
import io.sidecaroperator.core.explain.Impact;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.core.workload.WorkloadName;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains the workloads of manifests with the policies of manifests, and says what it had to assume. */
public final class ManifestExplainer {
    private static final String DEFAULT_NAMESPACE = "default";

    private final Optional<String> namespace;
    private final Optional<KubernetesVersion> server;
    private final WorkloadKinds kinds;
    private final List<String> warnings = new ArrayList<>();

    /**
     * @param namespace the namespace of documents that do not name one; empty when the option was not given
     * @param server the version of the API server that will run the pods; empty when the option was not given
     */
    public ManifestExplainer(Optional<String> namespace, Optional<KubernetesVersion> server, WorkloadKinds kinds) {
        this.namespace = namespace;
        this.server = server;
        this.kinds = kinds;
    }

    /** Returns what is unusual in the input, one line each. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Explains every named workload of the documents.
     *
     * @param given policies besides those among the documents
     * @param names empty for all
     * @throws InputException when there is no such workload, or a policy is invalid
     */
    public List<WorkloadExplanation> explain(List<Document> documents, List<Document> given, List<WorkloadName> names) {
        List<ManifestObject> objects = ManifestObject.of(documents);
        ManifestPolicies policies = ManifestPolicies.of(objects, ManifestObject.of(given));
        warnings.addAll(policies.warnings());
        if (policies.isEmpty()) {
            warnings.add("there is no policy in the input and none by --policy");
        }
        String home = namespace.orElse(DEFAULT_NAMESPACE);
        InputNamespaces namespaces = new InputNamespaces(objects, home);
        List<WorkloadExplanation> explanations = new ArrayList<>();
        for (InputWorkload workload : workloads(objects, home, names)) {
            String own = workload.ref().namespace();
            Input input = workload.input(namespaces.of(own), server.orElse(KubernetesVersion.NEWEST));
            explanations.add(new Explainer(policies.index(own), policies.sources(own))
                    .of(workload.object().where(), input)
                    .with(workload.impact())
                    .assuming(assumptions(workload, namespaces)));
        }
        return explanations;
    }

    /** A workload among the objects of the input. */
    public record InputWorkload(ManifestObject object, WorkloadKind kind, ObjectNode template, WorkloadRef ref) {
        /** Returns the engine's input about the workload, in a namespace with these properties. */
        public Input input(Input.InNamespace inNamespace, KubernetesVersion version) {
            return ManifestFacts.of(kind, object, template, ref, inNamespace, version);
        }

        /** Returns what a change of its template would mean for its pods. */
        public Impact impact() {
            return Impact.ofManifest(kind, object.tree());
        }
    }

    /**
     * Returns the named workloads of the input.
     *
     * @param home the namespace of those that do not name one
     * @throws InputException when there is no workload, or one of the names matches none
     */
    public List<InputWorkload> workloads(List<ManifestObject> objects, String home, List<WorkloadName> names) {
        List<InputWorkload> all = new ArrayList<>();
        for (ManifestObject object : objects) {
            object.workloadKind(kinds)
                    .ifPresent(kind -> kind.templateOf(object.tree())
                            .ifPresentOrElse(
                                    template -> {
                                        MetadataTypes.require(object, kind, template);
                                        all.add(new InputWorkload(
                                                object, kind, template, kind.refOf(object.tree(), home)));
                                    },
                                    () -> warnings.add(
                                            object.where() + ": " + object.name() + ": has no pod template")));
        }
        NamedWorkloads.requireAll(names, all.stream().map(InputWorkload::ref).toList(), "in the input");
        if (all.isEmpty()) {
            String held = objects.stream()
                    .map(ManifestObject::name)
                    .limit(5)
                    .reduce((one, other) -> one + ", " + other)
                    .orElse("nothing");
            throw new InputException("the input holds no workload but " + held
                    + "; workloads are Deployments, StatefulSets, Pods and the like");
        }
        return all.stream()
                .filter(workload -> NamedWorkloads.isNamed(names, workload.ref()))
                .toList();
    }

    private List<String> assumptions(InputWorkload workload, InputNamespaces namespaces) {
        List<String> assumed = new ArrayList<>();
        String own = workload.ref().namespace();
        if (server.isEmpty()) {
            assumed.add("Kubernetes " + KubernetesVersion.NEWEST + ", the newest known (--kubernetes-version)");
        }
        if (namespace.isEmpty() && Json.textAt(workload.object().tree().path("metadata"), "namespace") == null) {
            assumed.add("namespace " + own + ", since the manifest names none (-n)");
        }
        if (!namespaces.isKnown(own)) {
            assumed.add("namespace " + own + " has no labels: no opt-out, no Pod Security level, nothing for a"
                    + " namespaceSelector; its Namespace is not in the input");
        }
        if (!namespaces.hasLimitRange(own)) {
            assumed.add("namespace " + own + " has no LimitRange: none is in the input");
        }
        return assumed;
    }
}

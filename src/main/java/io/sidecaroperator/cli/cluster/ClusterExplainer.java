package io.sidecaroperator.cli.cluster;

import io.fabric8.kubernetes.client.Config;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.ManifestExplainer;
import io.sidecaroperator.cli.manifest.ManifestObject;
import io.sidecaroperator.core.explain.Explainer;
import io.sidecaroperator.core.explain.Impact;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.Ownership;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.core.workload.WorkloadName;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Explains workloads with the policies of a cluster, as the operator sees them. It only reads. */
public final class ClusterExplainer {
    private final Where where;
    private final WorkloadKinds kinds;
    private final Set<String> warnings = new LinkedHashSet<>();

    /**
     * The cluster, the user, and the part of the cluster to explain.
     *
     * @param namespace the namespace that was named; empty for that of the context
     * @param everywhere whether to explain all namespaces
     */
    public record Where(
            Connection connection, Optional<String> namespace, boolean everywhere, String operatorNamespace) {}

    public ClusterExplainer(Where where, WorkloadKinds kinds) {
        this.where = where;
        this.kinds = kinds;
    }

    /** Returns what could not be read and what is unusual, one line each. */
    public Collection<String> warnings() {
        return warnings;
    }

    /**
     * Explains the workloads of the cluster that are named, or all that the operator reconciles.
     *
     * @param given policies that count as if they were applied
     */
    public List<WorkloadExplanation> stored(List<Document> given, List<WorkloadName> names) {
        List<ManifestObject> applied = checked(ManifestObject.of(given));
        Config config = where.connection().config();
        String home = homeOf(config);
        try (ClusterApi api = new ClusterApi(config)) {
            ClusterReader reader =
                    new ClusterReader(api, where.everywhere() ? List.of() : List.of(home), where.operatorNamespace());
            View view = view(api, reader, applied, home);
            List<StoredWorkload> found =
                    names.isEmpty() ? all(reader) : new StoredWorkloads(reader, kinds, home).named(names);
            EarlierRevisions revisions = new EarlierRevisions(api, where.operatorNamespace());
            Explainer explainer = view.explainer(kept(revisions, view, found));
            List<WorkloadExplanation> explanations = found.stream()
                    .filter(workload ->
                            view.namespaces.containsKey(workload.ref().namespace()))
                    .map(workload ->
                            explain(workload, view, explainer).with(Impact.ofStored(workload.kind(), workload.tree())))
                    .toList();
            return finished(explanations, reader.unread(), revisions.unread());
        }
    }

    /**
     * Explains the workloads of manifests, as if they were applied to the cluster.
     *
     * @param documents the manifests; policies among them count as if they were applied, too
     */
    public List<WorkloadExplanation> applied(List<Document> documents, List<Document> given, List<WorkloadName> names) {
        List<ManifestObject> objects = ManifestObject.of(documents);
        List<ManifestObject> policies = new ArrayList<>(ManifestObject.of(given));
        objects.stream().filter(ClusterPolicies::isOurs).forEach(policies::add);
        List<ManifestObject> applied = checked(policies);
        Config config = where.connection().config();
        String home = homeOf(config);
        ManifestExplainer manifests = new ManifestExplainer(Optional.of(home), Optional.empty(), kinds);
        List<ManifestExplainer.InputWorkload> workloads = manifests.workloads(objects, home, names);
        warnings.addAll(manifests.warnings());
        List<String> namespaces =
                workloads.stream().map(one -> one.ref().namespace()).distinct().toList();
        try (ClusterApi api = new ClusterApi(config)) {
            ClusterReader reader = new ClusterReader(api, namespaces, where.operatorNamespace());
            View view = view(api, reader, applied, home);
            Explainer explainer = view.explainer(Map.of());
            List<WorkloadExplanation> explanations = workloads.stream()
                    .filter(workload ->
                            view.namespaces.containsKey(workload.ref().namespace()))
                    .map(workload -> explainer
                            .of(
                                    workload.object().where(),
                                    workload.input(
                                            view.namespaces.getOrDefault(
                                                    workload.ref().namespace(), Input.InNamespace.PLAIN),
                                            view.server))
                            .with(workload.impact()))
                    .map(explanation -> StatusNotes.of(explanation, view.policies))
                    .toList();
            return finished(explanations, reader.unread(), List.of());
        }
    }

    /** What was read of a cluster before any workload. */
    private record View(KubernetesVersion server, ClusterPolicies policies, Map<String, Input.InNamespace> namespaces) {
        Explainer explainer(Map<PolicyKey, Map<String, CompiledPolicy>> kept) {
            PolicyIndex asStored = policies.set().asStored();
            return new Explainer(kept.isEmpty() ? asStored : asStored.withKept(kept), policies.sources());
        }
    }

    private View view(ClusterApi api, ClusterReader reader, List<ManifestObject> applied, String home) {
        KubernetesVersion server = api.version();
        ClusterPolicies policies = new ClusterPolicies();
        boolean installed = reader.policies(policies::add);
        policies.apply(applied, home);
        warnings.addAll(policies.warnings());
        if (!installed) {
            warnings.add("the CustomResourceDefinitions of sidecar-operator are not installed: only the policies of"
                    + " files count");
        }
        Map<String, Input.InNamespace> namespaces = reader.namespaces();
        if (namespaces.isEmpty()) {
            throw new InputException("namespace " + home + " is being deleted: the operator leaves it alone");
        }
        return new View(server, policies, namespaces);
    }

    private WorkloadExplanation explain(StoredWorkload workload, View view, Explainer explainer) {
        Input.InNamespace namespace =
                view.namespaces.getOrDefault(workload.ref().namespace(), Input.InNamespace.PLAIN);
        Input input = new Input(
                workload.ref(),
                namespace,
                WorkloadKind.claimNames(workload.tree()),
                workload.template(),
                workload.kind().equals(WorkloadKind.POD),
                view.server,
                Trigger.Resync.FREELY,
                OrphanedAnnotation.of(workload.tree()));
        WorkloadExplanation explanation = ClusterReader.isReconciled(workload.kind())
                ? explainer.stored("the cluster", input, view.policies::isTakenUp)
                : explainer
                        .of("the cluster", input.on(new Trigger.Create()))
                        .noting(List.of("a stored " + workload.kind().kind() + " is not changed any more"
                                + retained(workload) + ": this is what it would be given if it were created now"));
        return StatusNotes.of(explanation, view.policies).noting(workload.notes(explanation));
    }

    private static String retained(StoredWorkload workload) {
        String policies = Engine.receiptOf(workload.template()).stream()
                .flatMap(receipt -> receipt.entries().entrySet().stream())
                .map(entry ->
                        entry.getKey() + " at revision " + entry.getValue().revision())
                .collect(Collectors.joining(", policy "));
        return policies.isEmpty() ? "" : " and carries policy " + policies;
    }

    private List<StoredWorkload> all(ClusterReader reader) {
        List<StoredWorkload> found = new ArrayList<>();
        reader.workloads(kinds, (kind, tree) -> {
            boolean leftAlone = tree.path("metadata").hasNonNull("deletionTimestamp")
                    || Ownership.controllerOf(tree)
                            .filter(owner -> kinds.isLeftTo(owner, kind))
                            .isPresent();
            if (!leftAlone) {
                StoredWorkload.of(kind, tree, List.of()).ifPresent(found::add);
            }
        });
        if (found.isEmpty()) {
            throw new InputException("there is no workload "
                    + (where.everywhere()
                            ? "in the cluster"
                            : "in the namespace"
                                    + where.namespace().map(name -> " " + name).orElse(""))
                    + " that the operator looks after"
                    + (reader.unread().isEmpty() ? "" : "; " + String.join("; ", reader.unread())));
        }
        return found;
    }

    /** Reads earlier revisions only where a workload has one. */
    private static Map<PolicyKey, Map<String, CompiledPolicy>> kept(
            EarlierRevisions revisions, View view, List<StoredWorkload> workloads) {
        Map<PolicyKey, String> present = new LinkedHashMap<>();
        view.policies.set().asStored().policies().forEach(policy -> present.put(policy.key(), policy.revision()));
        Stream<Map.Entry<PolicyKey, Receipt.Entry>> retained = workloads.stream()
                .flatMap(workload -> Engine.receiptOf(workload.template()).stream())
                .flatMap(receipt -> receipt.entries().entrySet().stream());
        List<PolicyKey> old = retained.filter(entry -> present.containsKey(entry.getKey())
                        && !entry.getValue().revision().equals(present.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .distinct()
                .toList();
        return old.isEmpty() ? Map.of() : revisions.of(view.policies.trees(old));
    }

    /** Adds to the explanations what could not be read. */
    private static List<WorkloadExplanation> finished(
            List<WorkloadExplanation> explanations, List<String> unread, List<String> more) {
        List<String> all =
                Stream.concat(unread.stream(), more.stream()).distinct().toList();
        return explanations.stream()
                .map(explanation -> explanation.assuming(all))
                .toList();
    }

    private List<ManifestObject> checked(List<ManifestObject> policies) {
        List<String> found = new ArrayList<>();
        ClusterPolicies.check(policies, found);
        warnings.addAll(found);
        return policies;
    }

    /**
     * Returns the namespace of objects that do not name one, which is also the namespace to explain, as kubectl chooses
     * it.
     */
    private String homeOf(Config config) {
        String own = config.getNamespace();
        return where.namespace().orElse(own == null || own.isEmpty() ? "default" : own);
    }
}

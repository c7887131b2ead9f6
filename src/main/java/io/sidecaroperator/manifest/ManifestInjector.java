package io.sidecaroperator.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Decision;
import io.sidecaroperator.engine.Engine;
import io.sidecaroperator.engine.Explanation;
import io.sidecaroperator.engine.Facts;
import io.sidecaroperator.engine.Injection;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.engine.Note;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.PolicyOutcome;
import io.sidecaroperator.engine.Receipt;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.workload.OrphanedAnnotation;
import io.sidecaroperator.workload.WorkloadKind;
import io.sidecaroperator.workload.WorkloadKinds;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Injects into manifests and takes injection out of them, with the engine that the operator runs. */
public final class ManifestInjector {
    private final String namespace;
    private final KubernetesVersion server;
    private final WorkloadKinds kinds;

    /** Documents to write, and what to tell about them. */
    public record Result(List<JsonNode> documents, Report report) {}

    /**
     * @param namespace where documents that name no namespace belong
     * @param server the version of the API server that will run the pods
     * @param kinds the kinds of workloads
     */
    public ManifestInjector(String namespace, KubernetesVersion server, WorkloadKinds kinds) {
        this.namespace = namespace;
        this.server = server;
        this.kinds = kinds;
    }

    /** The documents with every workload as the policies want it; {@code given} policies are not in the result. */
    public Result inject(List<Document> documents, List<Document> given) {
        List<ManifestObject> objects = ManifestObject.of(documents);
        ManifestPolicies policies = ManifestPolicies.of(objects, ManifestObject.of(given));
        return new Injecting(policies, new InputNamespaces(objects, namespace)).run(documents);
    }

    /** The documents with everything taken out that a receipt says was injected. */
    public Result uninject(List<Document> documents) {
        Report report = new Report();
        List<JsonNode> changed = new ArrayList<>();
        for (Document document : documents) {
            changed.add(ManifestObject.map(document, object -> strip(object, report)));
        }
        return new Result(changed, report);
    }

    private ObjectNode strip(ManifestObject object, Report report) {
        return onTemplate(object, report, (kind, template) -> {
            String workload = kind.refOf(object.tree(), namespace).toString();
            if (!Engine.hasReceipt(template)) {
                report.tell(workload + ": carries nothing of a policy");
                return template;
            }
            String taken = Engine.receiptOf(template).orElse(Receipt.EMPTY).entries().keySet().stream()
                    .map(PolicyKey::toString)
                    .collect(Collectors.joining(", "));
            Engine.Stripped stripped = Engine.strip(template);
            report.tell(workload + ": took out " + (taken.isEmpty() ? "an empty receipt" : "policy " + taken));
            stripped.notes().forEach(note -> note(workload, note, report));
            return stripped.template();
        });
    }

    /** One run over documents, with what was found before it. */
    private final class Injecting {
        private final ManifestPolicies policies;
        private final InputNamespaces inputNamespaces;
        private final Set<PolicyKey> matched = new HashSet<>();
        private final Report report = new Report();
        private final Set<String> namespaces = new java.util.TreeSet<>();

        Injecting(ManifestPolicies policies, InputNamespaces inputNamespaces) {
            this.policies = policies;
            this.inputNamespaces = inputNamespaces;
        }

        Result run(List<Document> documents) {
            policies.warnings().forEach(report::warn);
            List<JsonNode> changed = new ArrayList<>();
            for (Document document : documents) {
                changed.add(ManifestObject.map(document, this::inject));
            }
            tellOfIdlePolicies();
            return new Result(changed, report);
        }

        private ObjectNode inject(ManifestObject object) {
            if (ManifestPolicies.isPolicy(object) && !object.group().equals(ManifestPolicies.GROUP)) {
                report.warn(object.where() + ": " + object.name() + ": apiVersion " + object.apiVersion()
                        + " is not of group " + ManifestPolicies.GROUP + ", so it is no policy here");
            }
            return onTemplate(object, report, (kind, template) -> {
                WorkloadRef ref = kind.refOf(object.tree(), namespace);
                namespaces.add(ref.namespace());
                Facts facts =
                        ManifestFacts.of(kind, object, template, ref, inputNamespaces.of(ref.namespace()), server);
                Injection injection = Engine.CURRENT.inject(facts, policies.book(ref.namespace()));
                tell(injection);
                return injection.template();
            });
        }

        private void tell(Injection injection) {
            String workload = injection.facts().ref().toString();
            injection.notes().forEach(note -> note(workload, note, report));
            List<PolicyOutcome> reached =
                    injection.outcomes().stream().filter(PolicyOutcome::matched).toList();
            if (reached.isEmpty()) {
                report.tell(workload + ": no policy reaches it");
            }
            for (PolicyOutcome outcome : reached) {
                matched.add(outcome.policy());
                String line = workload + ": policy " + outcome.policy() + " " + Explanation.headline(outcome);
                if (outcome.decision() instanceof Decision.Refuse) {
                    report.refuse(line);
                } else {
                    report.tell(line);
                }
                outcome.notes().forEach(note -> note(workload, note, report));
            }
        }

        private void tellOfIdlePolicies() {
            if (policies.isEmpty()) {
                report.warn("there is no policy in the input and none by --policy, so nothing was injected");
            }
            for (ManifestObject policy : policies.idle(matched)) {
                String own = Json.textAt(policy.tree().path("metadata"), "namespace");
                String elsewhere = own == null || namespaces.isEmpty() || namespaces.contains(own)
                        ? ""
                        : "; it is for namespace " + own + ", they are in " + String.join(", ", namespaces);
                report.warn(policy.where() + ": " + policy.name() + ": reaches no workload of the input" + elsewhere);
            }
        }
    }

    private interface TemplateChange {
        ObjectNode of(WorkloadKind kind, ObjectNode template);
    }

    private ObjectNode onTemplate(ManifestObject object, Report report, TemplateChange change) {
        Optional<WorkloadKind> kind = object.workloadKind(kinds);
        if (kind.isEmpty()) {
            warnOfUnknownVersion(object, report);
            return object.tree();
        }
        Optional<ObjectNode> template = kind.get().templateOf(object.tree());
        if (template.isEmpty()) {
            report.warn(object.where() + ": " + object.name() + ": has no pod template at "
                    + kind.get().template().toString().substring(1).replace('/', '.') + ", so it stays as it is");
            return object.tree();
        }
        ObjectNode changed = change.of(kind.get(), template.get());
        ObjectNode result = kind.get().withTemplate(object.tree(), changed);
        return changed.equals(template.get()) ? result : OrphanedAnnotation.with(result, Set.of());
    }

    /** A workload's kind in a group that Kubernetes once had: the user surely means a workload. */
    private static void warnOfUnknownVersion(ManifestObject object, Report report) {
        boolean builtIn = object.group().indexOf('.') < 0;
        WorkloadKind.ALL.stream()
                .filter(kind -> builtIn && kind.kind().equals(object.kind()))
                .findFirst()
                .ifPresent(kind -> report.warn(object.where() + ": " + object.name() + ": apiVersion "
                        + object.apiVersion() + " has no " + object.kind() + ", expected "
                        + (kind.group().isEmpty() ? "v1" : kind.group() + "/v1") + "; it stays as it is"));
    }

    private static void note(String workload, Note note, Report report) {
        String line = workload + ": note (" + note.reason() + "): " + note.message();
        if (note.reason().isWarning()) {
            report.warn(line);
        } else {
            report.tell(line);
        }
    }
}

package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.api.v1alpha1.PolicyFinalizer;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.Ownership;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads what there is to remove. It does not write. */
final class UninstallPlanner {
    static final String WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    private static final String POLICIES = "/apis/sidecar-operator.io/v1alpha1/";
    private static final List<String> ENDS = List.of("Succeeded", "Failed");

    private final ClusterApi api;
    private final UninstallScope scope;
    private final List<String> warnings = new ArrayList<>();

    UninstallPlanner(ClusterApi api, UninstallScope scope) {
        this.api = api;
        this.scope = scope;
    }

    /** The registration of an operator, and the namespace of its Service; empty when it is called by a URL. */
    record Registration(String name, String uid, Optional<String> namespace) {}

    /**
     * Returns what is to be done.
     *
     * @throws InputException when something may not be read, because the plan could not say what would be left
     */
    UninstallPlan plan() {
        List<UninstallPlan.Policy> policies = new ArrayList<>();
        ClusterReader reader = new ClusterReader(api, scope.namespaces(), "");
        Consumer<ObjectNode> add = policy -> policies.add(policy(policy));
        List<Registration> registrations = scope.whole() ? registrations() : List.of();
        boolean installed = reader.namespacedPolicies(add);
        if (scope.whole()
                && (scope.namespaces().isEmpty() || others(registrations).isEmpty())) {
            installed &= reader.clusterPolicies(add);
        }
        if (!installed) {
            warnings.add("the CustomResourceDefinitions of sidecar-operator are not installed, so there is no policy");
        }
        Set<PolicyKey> terminating = policies.stream()
                .filter(UninstallPlan.Policy::leaves)
                .map(UninstallPlan.Policy::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<WorkloadStrip> workloads = new ArrayList<>();
        reader.placedWorkloads(
                scope.kinds(),
                (place, workload) -> WorkloadStrip.of(place, workload, terminating, scope.kinds())
                        .ifPresent(workloads::add));
        if (!reader.forbidden().isEmpty()) {
            throw new InputException(String.join("\n", reader.forbidden())
                    + "\nnothing was changed: with these permissions nobody could say what would be left");
        }
        warnings.addAll(reader.unknown());
        workloads.stream()
                .filter(WorkloadStrip::unreadable)
                .forEach(one -> warnings.add(one.ref()
                        + ": its receipt cannot be read, so nobody can say what was injected; it stays as it is"));
        return new UninstallPlan(own(registrations), workloads, policies, leases(), staying(), warnings);
    }

    /** Returns the installations that may run: the one of this scope, and all that are registered when none is named. */
    Set<OperatorInstallation> installations() {
        Set<OperatorInstallation> all = new LinkedHashSet<>();
        all.add(new OperatorInstallation(scope.operatorNamespace(), scope.name()));
        if (scope.namespaces().isEmpty() && scope.operatorName().isEmpty()) {
            registrations()
                    .forEach(one -> all.add(
                            new OperatorInstallation(one.namespace().orElse(scope.operatorNamespace()), one.name())));
        }
        return all;
    }

    private List<UninstallPlan.Lease> leases() {
        if (!scope.whole()) {
            return List.of();
        }
        return installations().stream()
                .flatMap(one -> one
                        .lease(api)
                        .map(lease -> new UninstallPlan.Lease(one.namespace(), one.name(), text(lease, "uid")))
                        .stream())
                .toList();
    }

    /** Returns the registrations of operators in this cluster. Only operators have webhooks of these names. */
    List<Registration> registrations() {
        List<Registration> found = new ArrayList<>();
        try {
            api.each(WEBHOOKS, configuration -> {
                List<ObjectNode> ours = Json.objects(configuration, "webhooks")
                        .filter(webhook ->
                                String.valueOf(Json.textAt(webhook, "name")).endsWith(".sidecar-operator.io"))
                        .toList();
                if (!ours.isEmpty()) {
                    found.add(new Registration(
                            text(configuration, "name"),
                            text(configuration, "uid"),
                            Optional.ofNullable(
                                    Json.textAt(ours.get(0).path("clientConfig").path("service"), "namespace"))));
                }
            });
        } catch (ClusterApi.ForbiddenException e) {
            throw new InputException("may not list mutatingwebhookconfigurations.admissionregistration.k8s.io; name"
                    + " with -n the namespaces to clean, and the registration of the webhook stays");
        }
        return found;
    }

    private List<UninstallPlan.Webhook> own(List<Registration> registrations) {
        return registrations.stream()
                .filter(one -> scope.operatorName().isEmpty()
                        || scope.operatorName().get().equals(one.name()))
                .map(one -> new UninstallPlan.Webhook(one.name(), one.uid()))
                .toList();
    }

    /** Returns the registrations of operators other than the one that was named. */
    private List<Registration> others(List<Registration> registrations) {
        List<Registration> others = registrations.stream()
                .filter(one -> scope.operatorName().isPresent()
                        && !scope.operatorName().get().equals(one.name()))
                .toList();
        others.forEach(one -> warnings.add(
                "another operator is registered by the name " + one.name() + ": cluster policies stay as they are"));
        return others;
    }

    private static UninstallPlan.Policy policy(ObjectNode policy) {
        PolicyKey key = PolicyCompiler.keyOf(policy);
        return new UninstallPlan.Policy(
                key,
                POLICIES
                        + (key.namespace().isEmpty()
                                ? ClusterReader.CLUSTER_POLICIES
                                : "namespaces/" + key.namespace() + "/" + ClusterReader.POLICIES)
                        + "/" + key.name(),
                text(policy, "uid"),
                "Orphan".equals(Json.textAt(policy.path("spec"), "deletion")),
                text(policy, "resourceVersion"),
                withoutFinalizer(policy),
                withoutStatus(policy));
    }

    /**
     * Returns the patch that removes only the operator's finalizer from a policy; empty when the policy does not have
     * it.
     */
    static ArrayNode withoutFinalizer(ObjectNode policy) {
        ObjectNode before = Json.object();
        ObjectNode after = Json.object();
        ArrayNode present = before.putObject("metadata").putArray("finalizers");
        ArrayNode wanted = after.putObject("metadata").putArray("finalizers");
        for (JsonNode finalizer : policy.path("metadata").path("finalizers")) {
            present.add(finalizer);
            if (!PolicyFinalizer.NAME.equals(finalizer.asText())) {
                wanted.add(finalizer);
            }
        }
        return Patch.diff(before, after);
    }

    /** Returns the patch that removes the status of a policy; empty when the policy has none. */
    static ArrayNode withoutStatus(ObjectNode policy) {
        ObjectNode before = Json.object();
        if (policy.hasNonNull("status")) {
            before.set("status", policy.get("status"));
        }
        return Patch.diff(before, Json.object());
    }

    /**
     * Counts what has sidecars and cannot get another template. It is only for a message, so it needs no permission.
     */
    private Optional<UninstallPlan.Staying> staying() {
        int[] counts = {0, 0};
        try {
            for (String place : places()) {
                api.each("/api/v1" + place + "/pods", pod -> counts[0] += isLonePod(pod) ? 1 : 0);
                api.each("/apis/batch/v1" + place + "/jobs", job -> counts[1] += isUnfinishedJob(job) ? 1 : 0);
            }
            return Optional.of(new UninstallPlan.Staying(counts[0], counts[1]));
        } catch (ClusterApi.ForbiddenException e) {
            return Optional.empty();
        }
    }

    private List<String> places() {
        return scope.namespaces().isEmpty()
                ? List.of("")
                : scope.namespaces().stream().map(name -> "/namespaces/" + name).toList();
    }

    /** Whether it is a pod that no workload replaces. The pod of a Job counts as the Job. */
    private boolean isLonePod(ObjectNode pod) {
        boolean ended = ENDS.contains(Json.textAt(pod.path("status"), "phase"));
        boolean replaced = Ownership.controllerOf(pod)
                .filter(owner -> scope.kinds().of(owner).isPresent())
                .isPresent();
        return !ended && !replaced && isInjected(pod);
    }

    private static boolean isUnfinishedJob(ObjectNode job) {
        return !job.path("status").hasNonNull("completionTime")
                && WorkloadKind.JOB
                        .templateOf(job)
                        .filter(UninstallPlanner::isInjected)
                        .isPresent();
    }

    private static boolean isInjected(ObjectNode template) {
        return !Engine.receiptOf(template).orElse(Receipt.EMPTY).entries().isEmpty();
    }

    private static String text(JsonNode object, String field) {
        String value = Json.textAt(object.path("metadata"), field);
        return value == null ? "" : value;
    }
}

package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.Ownership;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the user's own change of a workload and the injection one rollout. Best effort: without it, the reconciler
 * reaches the same template with one rollout more.
 */
public final class WorkloadAdmission implements AdmissionHandler {
    /** The path of the webhook. */
    public static final String PATH = "/mutate/workloads";

    private static final String EMPTY_RECEIPT = "{}";

    private final ClusterView cluster;
    private final WorkloadKinds kinds;
    private final String operator;

    /**
     * @param operator the user name of the operator itself, whose writes already have the engine's result
     */
    public WorkloadAdmission(ClusterView cluster, WorkloadKinds kinds, String operator) {
        this.cluster = cluster;
        this.kinds = kinds;
        this.operator = operator;
    }

    @Override
    public AdmissionResponse handle(AdmissionRequest request) {
        Optional<WorkloadKind> kind = kindOf(request);
        if (kind.isEmpty()) {
            return AdmissionResponse.allowed("NotAWorkload");
        }
        if (request.user().equals(operator)) {
            return AdmissionResponse.allowed("OwnWrite");
        }
        ObjectNode object = request.object();
        Optional<ObjectNode> template = kind.get().templateOf(object);
        if (template.isEmpty() || Json.textAt(object.path("metadata"), "deletionTimestamp") != null) {
            return AdmissionResponse.allowed(template.isEmpty() ? "NoTemplate" : "BeingDeleted");
        }
        if (Ownership.controllerOf(object)
                .filter(owner -> kinds.isLeftTo(owner, kind.get()))
                .isPresent()) {
            return leftToOwner(kind.get(), template.get());
        }
        Trigger trigger = new Trigger.Create();
        if (!request.isCreation()) {
            Optional<ObjectNode> before = request.oldObject().flatMap(kind.get()::templateOf);
            if (before.isEmpty()) {
                return AdmissionResponse.allowed("NoTemplate");
            }
            trigger = new Trigger.Update(before.get());
        }
        return answer(request, kind.get(), template.get(), trigger);
    }

    /**
     * Returns the kind if its template can be decided here. A Job's template cannot change after its creation, and Pods
     * have another handler.
     */
    private Optional<WorkloadKind> kindOf(AdmissionRequest request) {
        return kinds.of(request.object())
                .filter(kind -> request.resource().group().equals(kind.group())
                        && request.resource().subresource().isEmpty()
                        && !kind.group().isEmpty())
                .filter(kind -> request.isCreation() || (request.isUpdate() && !kind.equals(WorkloadKind.JOB)));
    }

    /**
     * Marks a Job's template as decided. Its pods look like those of a Job that is not reconciled; the empty receipt
     * distinguishes them.
     */
    private static AdmissionResponse leftToOwner(WorkloadKind kind, ObjectNode template) {
        ArrayNode patch = Json.array();
        if (kind.equals(WorkloadKind.JOB) && !Engine.hasReceipt(template)) {
            ObjectNode marked = template.deepCopy();
            marked.withObject("/metadata/annotations").put(Receipt.ANNOTATION, EMPTY_RECEIPT);
            patch = Patch.under(kind.template(), Patch.diff(template, marked));
        }
        return AdmissionResponse.patched("OwnerDecides", patch, List.of());
    }

    private AdmissionResponse answer(
            AdmissionRequest request, WorkloadKind kind, ObjectNode template, Trigger trigger) {
        ObjectNode object = request.object();
        Set<PolicyKey> orphaned = OrphanedAnnotation.of(object);
        request.oldObject().map(OrphanedAnnotation::of).ifPresent(orphaned::addAll);
        Injection injection = Engine.CURRENT.inject(
                new Input(
                        kind.refOf(object, request.namespace()),
                        cluster.namespaces().apply(request.namespace()),
                        WorkloadKind.claimNames(object),
                        template,
                        false,
                        cluster.server(),
                        trigger,
                        orphaned),
                cluster.policies().get());
        ArrayNode patch = Patch.under(kind.template(), Patch.diff(template, injection.template()));
        return Answers.of(injection, patch.addAll(orphanedPatch(object, orphaned, injection.template())));
    }

    /**
     * Returns the patch of the orphaned annotation. A policy's name stays as long as the receipt lists the policy, even
     * if the request drops the name, and is removed afterwards.
     */
    private static ArrayNode orphanedPatch(ObjectNode object, Set<PolicyKey> orphaned, ObjectNode template) {
        Set<PolicyKey> remaining = new TreeSet<>(orphaned);
        remaining.retainAll(
                Engine.receiptOf(template).orElse(Receipt.EMPTY).entries().keySet());
        return remaining.equals(OrphanedAnnotation.of(object))
                ? Json.array()
                : Patch.diff(object, OrphanedAnnotation.with(object, remaining));
    }
}

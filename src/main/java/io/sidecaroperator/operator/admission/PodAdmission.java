package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.CustomKind;
import io.sidecaroperator.core.workload.Ownership;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Injects sidecars into pods when they are created. If the pod's template is reconciled, or if the pod has a receipt,
 * the template has decided: the pod gets what the receipt leaves to pods, and no more. Any other pod is decided here: a
 * bare pod, or a pod of an owner that is not reconciled. So each pod is decided once.
 */
public final class PodAdmission implements AdmissionHandler {
    /** The path of the webhook. */
    public static final String PATH = "/mutate/pods";

    private final ClusterView cluster;

    /** Kinds of controllers whose template is reconciled, directly or through their own owner. */
    private final List<WorkloadKind> lookedAfter;

    public PodAdmission(ClusterView cluster, WorkloadKinds kinds) {
        this.cluster = cluster;
        this.lookedAfter = Stream.concat(
                        Stream.of(WorkloadKind.REPLICA_SET, WorkloadKind.STATEFUL_SET, WorkloadKind.DAEMON_SET),
                        kinds.custom().stream().map(CustomKind::kind))
                .toList();
    }

    @Override
    public AdmissionResponse handle(AdmissionRequest request) {
        if (!request.creates("", "pods")) {
            return AdmissionResponse.allowed("NotAPodCreation");
        }
        ObjectNode pod = request.object();
        boolean retains = Engine.hasReceipt(pod);
        if (!retains && !Ownership.controllerOf(pod).filter(this::isLookedAfter).isPresent()) {
            return answer(request, new Trigger.Create());
        }
        boolean hasPart = Engine.receiptOf(pod).filter(Receipt::leavesToPods).isPresent();
        return hasPart
                ? answer(request, new Trigger.ManagedPod())
                : AdmissionResponse.allowed(retains ? "CarriesReceipt" : "OwnerDecides");
    }

    private boolean isLookedAfter(ObjectNode controller) {
        return lookedAfter.stream().anyMatch(kind -> Ownership.names(controller, kind.group(), kind.kind()));
    }

    private AdmissionResponse answer(AdmissionRequest request, Trigger trigger) {
        ObjectNode pod = request.object();
        Injection injection = Engine.CURRENT.inject(
                Input.ofPod(
                        refOf(request),
                        cluster.namespaces().apply(request.namespace()),
                        pod,
                        cluster.server(),
                        trigger),
                cluster.policies().get());
        return Answers.of(injection, Patch.diff(pod, injection.template()));
    }

    private static WorkloadRef refOf(AdmissionRequest request) {
        Optional<ObjectNode> controller = Ownership.controllerOf(request.object());
        if (controller.isEmpty()) {
            return WorkloadKind.POD.refOf(request.object(), request.namespace());
        }
        String kind = Json.textAt(controller.get(), "kind");
        String name = Json.textAt(controller.get(), "name");
        return new WorkloadRef(
                WorkloadKind.groupOf(Json.textAt(controller.get(), "apiVersion")),
                kind == null ? "" : kind,
                request.namespace(),
                name == null ? "" : name);
    }
}

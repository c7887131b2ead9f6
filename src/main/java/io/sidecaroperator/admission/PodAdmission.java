package io.sidecaroperator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Decision;
import io.sidecaroperator.engine.Engine;
import io.sidecaroperator.engine.Facts;
import io.sidecaroperator.engine.Injection;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.engine.Occasion;
import io.sidecaroperator.engine.PolicyBook;
import io.sidecaroperator.engine.PolicyOutcome;
import io.sidecaroperator.engine.Reason;
import io.sidecaroperator.engine.Receipt;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.Patch;
import io.sidecaroperator.workload.WorkloadKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives pods their sidecars while they are created: bare pods and pods of owners that nobody reconciles. A pod whose
 * template is looked after, or that carries a receipt already, is left alone, so no pod is answered for twice.
 */
public final class PodAdmission implements AdmissionHandler {
    /** Where the webhook is served. */
    public static final String PATH = "/mutate/pods";

    private final Settings settings;
    private final Supplier<PolicyBook> book;
    private final Function<String, Optional<Map<String, String>>> namespaceLabels;

    /**
     * What does not change while the process runs.
     *
     * @param reconciledOwners controllers whose pods are left alone
     * @param operatorNamespace never touched, like the namespaces of the cluster itself
     * @param server version of the API server
     */
    public record Settings(Set<OwnerKind> reconciledOwners, String operatorNamespace, KubernetesVersion server) {
        public Settings {
            reconciledOwners = Set.copyOf(reconciledOwners);
        }
    }

    /**
     * @param book the policies as they are now
     * @param namespaceLabels labels of a namespace, empty while it is not known yet: then it counts as one without
     *     labels. A call from here would make every pod wait for it; and nothing slips through, because the API server
     *     itself keeps pods of opted-out namespaces away (namespaceSelector of the registration)
     */
    public PodAdmission(
            Settings settings,
            Supplier<PolicyBook> book,
            Function<String, Optional<Map<String, String>>> namespaceLabels) {
        this.settings = settings;
        this.book = book;
        this.namespaceLabels = namespaceLabels;
    }

    @Override
    public AdmissionResponse handle(AdmissionRequest request) {
        if (!request.creates("", "pods")) {
            return AdmissionResponse.allowed("NotAPodCreation");
        }
        ObjectNode pod = request.object();
        if (Json.textAt(Json.objectAt(pod.path("metadata"), "annotations"), Receipt.ANNOTATION) != null) {
            return AdmissionResponse.allowed("CarriesReceipt");
        }
        ObjectNode controller = controllerOf(pod);
        if (controller != null && settings.reconciledOwners().stream().anyMatch(kind -> kind.is(controller))) {
            return AdmissionResponse.allowed("OwnerDecides");
        }
        Injection injection = Engine.CURRENT.inject(facts(request, controller), book.get());
        return AdmissionResponse.patched(
                reasonOf(injection), Patch.diff(pod, injection.template()), PodWarnings.of(injection));
    }

    private Facts facts(AdmissionRequest request, @Nullable ObjectNode controller) {
        String namespace = request.namespace();
        return Facts.ofPod(
                refOf(request, controller),
                new Facts.InNamespace(
                        namespaceLabels.apply(namespace).orElse(Map.of()),
                        Facts.SYSTEM_NAMESPACES.contains(namespace)
                                || settings.operatorNamespace().equals(namespace),
                        List.of()),
                request.object(),
                settings.server(),
                new Occasion.Create());
    }

    private static WorkloadRef refOf(AdmissionRequest request, @Nullable ObjectNode controller) {
        if (controller == null) {
            return WorkloadKind.POD.refOf(request.object(), request.namespace());
        }
        String kind = Json.textAt(controller, "kind");
        String name = Json.textAt(controller, "name");
        return new WorkloadRef(
                WorkloadKind.groupOf(Json.textAt(controller, "apiVersion")),
                kind == null ? "" : kind,
                request.namespace(),
                name == null ? "" : name);
    }

    private static @Nullable ObjectNode controllerOf(ObjectNode pod) {
        return Json.objects(pod.path("metadata"), "ownerReferences")
                .filter(PodAdmission::isController)
                .findFirst()
                .orElse(null);
    }

    private static boolean isController(JsonNode owner) {
        return owner.path("controller").asBoolean(false);
    }

    /** What one word can say about the answer: a refusal before an injection before a reason to skip. */
    private static String reasonOf(Injection injection) {
        boolean injected = false;
        Reason skipped = null;
        for (PolicyOutcome outcome : injection.outcomes()) {
            if (outcome.decision() instanceof Decision.Refuse refuse) {
                return refuse.reason().name();
            }
            injected |= outcome.decision() instanceof Decision.Inject;
            if (skipped == null && outcome.matched() && outcome.decision() instanceof Decision.Skip skip) {
                skipped = skip.reason();
            }
        }
        return injected ? "Injected" : (skipped == null ? Reason.NotSelected : skipped).name();
    }
}

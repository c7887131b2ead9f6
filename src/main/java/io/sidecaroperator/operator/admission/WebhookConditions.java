package io.sidecaroperator.operator.admission;

import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.CustomKind;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * CEL expressions with which the API server omits calls whose response would change nothing. The handlers decide the
 * same again, so a condition may exclude only what they would not change.
 */
final class WebhookConditions {
    /** A pod without a receipt, or with a receipt that leaves something to pods. */
    static final String POD_IS_OPEN = ("!has(object.metadata.annotations) || !('%1$s' in object.metadata.annotations)"
                    + " || object.metadata.annotations['%1$s'].contains('\"injection\":\"Pod\"')")
            .formatted(Receipt.ANNOTATION);

    private static final String CONTROLLED_BY = "has(object.metadata.ownerReferences)"
            + " && object.metadata.ownerReferences.exists(o, has(o.controller) && o.controller%s)";

    private static final String TEMPLATE_HAS_RECEIPT = ("has(object.spec.template.metadata)"
                    + " && has(object.spec.template.metadata.annotations)"
                    + " && '%s' in object.spec.template.metadata.annotations")
            .formatted(Receipt.ANNOTATION);

    /** Not a ReplicaSet of a Deployment, and not a Job whose CronJob has decided already. */
    static final String DECIDES_ITSELF =
            "!(request.resource.group == 'apps' && request.resource.resource == 'replicasets' && "
                    + CONTROLLED_BY.formatted("")
                    + ") && !(request.resource.group == 'batch' && request.resource.resource == 'jobs' && "
                    + CONTROLLED_BY.formatted(" && o.kind == 'CronJob' && o.apiVersion.startsWith('batch/')")
                    + " && " + TEMPLATE_HAS_RECEIPT + ")";

    private static final String SPEC_CHANGES = ("request.operation == 'CREATE' || !has(object.spec)"
                    + " || !has(oldObject.spec) || object.spec != oldObject.spec"
                    + " || (has(oldObject.metadata.annotations) && '%s' in oldObject.metadata.annotations)")
            .formatted(OrphanedAnnotation.NAME);

    private WebhookConditions() {}

    /** A request of any user except this one. */
    static String notBy(String user) {
        return "request.userInfo.username != '" + user.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** Among the API groups of custom kinds, the kinds that are workloads. */
    static String isWorkload(WorkloadKinds kinds) {
        Map<String, List<String>> byGroup = new TreeMap<>();
        kinds.custom().stream()
                .map(CustomKind::kind)
                .forEach(kind -> byGroup.computeIfAbsent(kind.group(), absent -> new ArrayList<>())
                        .add("'" + kind.kind() + "'"));
        List<String> groups = new ArrayList<>();
        byGroup.forEach((group, names) ->
                groups.add("(request.kind.group != '" + group + "' || request.kind.kind in " + names + ")"));
        return groups.isEmpty() ? "true" : String.join(" && ", groups);
    }

    /**
     * A creation, or a change of the part that holds the template. Labels and annotations of a workload restart no
     * pods.
     */
    static String specChanges(WorkloadKinds kinds) {
        boolean inSpec = kinds.custom().stream()
                .allMatch(custom -> custom.kind().template().toString().startsWith("/spec/"));
        return inSpec ? SPEC_CHANGES : "true";
    }
}

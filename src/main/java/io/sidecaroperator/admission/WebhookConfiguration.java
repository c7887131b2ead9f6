package io.sidecaroperator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Facts;
import io.sidecaroperator.engine.Receipt;
import io.sidecaroperator.tree.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The MutatingWebhookConfiguration as it should be. Every field that the API server would default is written, so the
 * stored object can be compared with it.
 */
public final class WebhookConfiguration {
    /** Name of the webhook inside the configuration. */
    static final String WEBHOOK = "pods.sidecar-operator.io";

    /**
     * An answer takes less than a millisecond. What the timeout buys is patience with a replica that is short of
     * processor time; what it costs is how long a pod's creation hangs when the operator's node is gone without a word.
     */
    static final int TIMEOUT_SECONDS = 3;

    private static final String INJECT_LABEL = "sidecar-operator.io/inject";
    private static final String NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";
    private static final String NO_RECEIPT =
            "!has(object.metadata.annotations) || !('" + Receipt.ANNOTATION + "' in object.metadata.annotations)";

    private WebhookConfiguration() {}

    /**
     * The list of webhooks.
     *
     * @param address how the API server reaches us
     * @param caBundle the authority to trust
     * @param operatorNamespace excluded, so that the operator never waits for itself
     * @param namespaces the only namespaces that have policies; empty for all
     */
    public static ArrayNode webhooks(
            WebhookAddress address, String caBundle, String operatorNamespace, Set<String> namespaces) {
        ObjectNode webhook = Json.object().put("name", WEBHOOK);
        webhook.putArray("admissionReviewVersions").add("v1");
        webhook.set("clientConfig", address.clientConfig(PodAdmission.PATH).put("caBundle", caBundle));
        // The cluster never depends on us: when we cannot answer, the pod is created without sidecar.
        webhook.put("failurePolicy", "Ignore");
        // Pods that come by another version of the API are pods too.
        webhook.put("matchPolicy", "Equivalent");
        // A pod that later webhooks change (by a label that selects it, say) is asked about once more.
        webhook.put("reinvocationPolicy", "IfNeeded");
        webhook.put("sideEffects", "None");
        webhook.put("timeoutSeconds", TIMEOUT_SECONDS);
        webhook.putArray("rules").add(creationOfPods());
        webhook.set("namespaceSelector", selector(namespaceRequirements(operatorNamespace, namespaces)));
        webhook.set("objectSelector", selector(List.of(notOptedOut())));
        // Pods of workloads whose template carries the sidecar need no call.
        webhook.putArray("matchConditions")
                .addObject()
                .put("name", "no-receipt")
                .put("expression", NO_RECEIPT);
        return Json.array().add(webhook);
    }

    private static ObjectNode creationOfPods() {
        ObjectNode rule = Json.object();
        rule.putArray("apiGroups").add("");
        rule.putArray("apiVersions").add("v1");
        rule.putArray("operations").add("CREATE");
        rule.putArray("resources").add("pods");
        return rule.put("scope", "Namespaced");
    }

    private static List<ObjectNode> namespaceRequirements(String operatorNamespace, Set<String> namespaces) {
        List<String> excluded =
                new ArrayList<>(Facts.SYSTEM_NAMESPACES.stream().sorted().toList());
        if (!excluded.contains(operatorNamespace)) {
            excluded.add(operatorNamespace);
        }
        List<ObjectNode> requirements = new ArrayList<>();
        requirements.add(requirement(NAMESPACE_NAME_LABEL, "NotIn", excluded));
        requirements.add(notOptedOut());
        if (!namespaces.isEmpty()) {
            requirements.add(requirement(
                    NAMESPACE_NAME_LABEL, "In", namespaces.stream().sorted().toList()));
        }
        return requirements;
    }

    private static ObjectNode notOptedOut() {
        return requirement(INJECT_LABEL, "NotIn", List.of("false"));
    }

    private static ObjectNode requirement(String key, String operator, Collection<String> values) {
        ObjectNode requirement = Json.object().put("key", key).put("operator", operator);
        ArrayNode array = requirement.putArray("values");
        values.forEach(array::add);
        return requirement;
    }

    private static ObjectNode selector(List<ObjectNode> requirements) {
        ObjectNode selector = Json.object();
        selector.putArray("matchExpressions").addAll(requirements);
        return selector;
    }
}

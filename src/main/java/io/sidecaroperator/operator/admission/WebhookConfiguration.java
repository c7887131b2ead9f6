package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The wanted webhooks of the MutatingWebhookConfiguration. It writes every field that the API server would default, so
 * that the stored object can be compared with it.
 */
public final class WebhookConfiguration {
    /** Names of the webhooks inside the configuration. */
    static final String PODS = "pods.sidecar-operator.io";

    static final String WORKLOADS = "workloads.sidecar-operator.io";

    /**
     * A response takes less than a millisecond. A longer timeout helps a replica that is short of processor time. A
     * shorter one limits how long a creation hangs when the operator's node fails without a message.
     */
    static final int TIMEOUT_SECONDS = 3;

    private static final List<String> WRITES = List.of("CREATE", "UPDATE");
    private static final String INJECT_LABEL = "sidecar-operator.io/inject";
    private static final String NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

    private final WebhookAddress address;
    private final String caBundle;
    private final Reach reach;

    /**
     * @param address how the API server reaches the operator
     * @param caBundle the authority to trust
     */
    public WebhookConfiguration(WebhookAddress address, String caBundle, Reach reach) {
        this.address = address;
        this.caBundle = caBundle;
        this.reach = reach;
    }

    /**
     * Where the webhooks are called.
     *
     * @param operatorNamespace excluded, so that the operator never waits for itself
     * @param namespaces the only namespaces that have policies; empty for all
     */
    public record Reach(String operatorNamespace, Set<String> namespaces) {
        public Reach {
            namespaces = Set.copyOf(namespaces);
        }
    }

    /** Returns the webhook that is called for created pods. */
    public ObjectNode pods() {
        ObjectNode webhook = webhook(PODS, PodAdmission.PATH);
        webhook.putArray("rules").add(rule("", "v1", List.of("pods"), List.of("CREATE")));
        webhook.set("objectSelector", selector(List.of(notOptedOut())));
        // A pod whose template has all its parts needs no call.
        condition(webhook, "nothing-left-to-the-pod", WebhookConditions.POD_IS_OPEN);
        return webhook;
    }

    /**
     * Returns the webhook that is called for created and changed workloads.
     *
     * @param operator the operator's user name, whose own writes pass
     */
    public ObjectNode workloads(WorkloadKinds kinds, String operator) {
        ObjectNode webhook = webhook(WORKLOADS, WorkloadAdmission.PATH);
        ArrayNode rules = webhook.putArray("rules");
        rules.add(rule("apps", "v1", List.of("deployments", "statefulsets", "daemonsets", "replicasets"), WRITES));
        rules.add(rule("batch", "v1", List.of("cronjobs"), WRITES));
        rules.add(rule("batch", "v1", List.of("jobs"), List.of("CREATE")));
        // The plural name of a custom kind is unknown before it is installed, so a condition names the kind.
        kinds.custom().stream()
                .map(custom -> rule(custom.kind().group(), custom.version(), List.of("*"), WRITES))
                .distinct()
                .forEach(rules::add);
        webhook.set("objectSelector", Json.object());
        condition(webhook, "not-the-operator", WebhookConditions.notBy(operator));
        condition(webhook, "a-kind-of-workload", WebhookConditions.isWorkload(kinds));
        condition(webhook, "no-copy-of-an-owners-template", WebhookConditions.DECIDES_ITSELF);
        condition(webhook, "spec-changes", WebhookConditions.specChanges(kinds));
        return webhook;
    }

    private ObjectNode webhook(String name, String path) {
        ObjectNode webhook = Json.object().put("name", name);
        webhook.putArray("admissionReviewVersions").add("v1");
        webhook.set("clientConfig", address.clientConfig(path).put("caBundle", caBundle));
        // The cluster never depends on the operator: when it cannot answer, the object is stored as it came.
        webhook.put("failurePolicy", "Ignore");
        // Objects that come by another version of the API also match.
        webhook.put("matchPolicy", "Equivalent");
        // When later webhooks change an object (a label that selects it, say), the API server calls again.
        webhook.put("reinvocationPolicy", "IfNeeded");
        webhook.put("sideEffects", "None");
        webhook.put("timeoutSeconds", TIMEOUT_SECONDS);
        webhook.set("namespaceSelector", selector(namespaceRequirements()));
        return webhook;
    }

    private static ObjectNode rule(String group, String version, List<String> resources, List<String> operations) {
        ObjectNode rule = Json.object();
        rule.putArray("apiGroups").add(group);
        rule.putArray("apiVersions").add(version);
        operations.forEach(rule.putArray("operations")::add);
        resources.forEach(rule.putArray("resources")::add);
        return rule.put("scope", "Namespaced");
    }

    private static void condition(ObjectNode webhook, String name, String expression) {
        webhook.withArray("/matchConditions").addObject().put("name", name).put("expression", expression);
    }

    private List<ObjectNode> namespaceRequirements() {
        List<String> excluded =
                new ArrayList<>(Input.SYSTEM_NAMESPACES.stream().sorted().toList());
        if (!excluded.contains(reach.operatorNamespace())) {
            excluded.add(reach.operatorNamespace());
        }
        List<ObjectNode> requirements = new ArrayList<>();
        requirements.add(requirement(NAMESPACE_NAME_LABEL, "NotIn", excluded));
        requirements.add(notOptedOut());
        if (!reach.namespaces().isEmpty()) {
            requirements.add(requirement(
                    NAMESPACE_NAME_LABEL,
                    "In",
                    reach.namespaces().stream().sorted().toList()));
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

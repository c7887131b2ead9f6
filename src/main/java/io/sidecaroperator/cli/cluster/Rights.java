package io.sidecaroperator.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Asks the API server what this user may do, so that the command starts only what it can finish. */
final class Rights {
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private static final String POLICY_GROUP = "sidecar-operator.io";

    private final ClusterWriter writer;

    Rights(ClusterWriter writer) {
        this.writer = writer;
    }

    /** A permission that is needed in namespaces. The subresource is empty, or starts with a slash. */
    private record Need(String verb, String group, String resource, String subresource, String name) {
        String text() {
            return "may not " + verb + " " + resource + "." + group + subresource + (name.isEmpty() ? "" : " " + name);
        }
    }

    List<String> missing(UninstallPlan plan, boolean deletePolicies) {
        List<String> missing = new ArrayList<>();
        plan.webhooks()
                .forEach(webhook -> ask(
                        new Need(
                                "delete",
                                "admissionregistration.k8s.io",
                                "mutatingwebhookconfigurations",
                                "",
                                webhook.name()),
                        Set.of(""),
                        missing));
        Map<String, Set<String>> workloads = new TreeMap<>();
        Map<String, Need> needs = new TreeMap<>();
        for (WorkloadStrip change : plan.changes()) {
            String resource = change.place().qualified();
            needs.put(
                    resource,
                    new Need(
                            "patch",
                            change.place().kind().group(),
                            change.place().resource(),
                            "",
                            ""));
            workloads
                    .computeIfAbsent(resource, none -> new TreeSet<>())
                    .add(change.ref().namespace());
        }
        needs.forEach((resource, need) -> ask(need, workloads.getOrDefault(resource, Set.of()), missing));
        policies("patch", "", plan.finalized(), missing);
        policies("patch", "/status", plan.reported(), missing);
        for (UninstallPlan.Lease lease : plan.leases()) {
            ask(
                    new Need("delete", "coordination.k8s.io", "leases", "", lease.name()),
                    Set.of(lease.namespace()),
                    missing);
        }
        if (deletePolicies) {
            policies("delete", "", plan.policies(), missing);
        }
        return missing;
    }

    private void policies(String verb, String subresource, List<UninstallPlan.Policy> policies, List<String> missing) {
        Set<String> namespaces = new TreeSet<>();
        policies.forEach(policy -> namespaces.add(policy.key().namespace()));
        if (namespaces.remove("")) {
            ask(new Need(verb, POLICY_GROUP, ClusterReader.CLUSTER_POLICIES, subresource, ""), Set.of(""), missing);
        }
        ask(new Need(verb, POLICY_GROUP, ClusterReader.POLICIES, subresource, ""), namespaces, missing);
    }

    /** Asks for all namespaces at once, and for each single one only if that is denied. */
    private void ask(Need need, Collection<String> namespaces, List<String> missing) {
        if (namespaces.isEmpty() || isAllowed(need, "")) {
            return;
        }
        for (String namespace : namespaces) {
            if (namespace.isEmpty()) {
                missing.add(need.text());
            } else if (!isAllowed(need, namespace)) {
                missing.add(need.text() + " in namespace " + namespace);
            }
        }
    }

    /** Whether it is allowed. Also true when the API server does not answer: then the attempt will show it. */
    private boolean isAllowed(Need need, String namespace) {
        ObjectNode review =
                Json.object().put("apiVersion", "authorization.k8s.io/v1").put("kind", "SelfSubjectAccessReview");
        ObjectNode attributes = review.putObject("spec").putObject("resourceAttributes");
        attributes.put("verb", need.verb()).put("group", need.group()).put("resource", need.resource());
        if (!need.subresource().isEmpty()) {
            attributes.put("subresource", need.subresource().substring(1));
        }
        if (!need.name().isEmpty()) {
            attributes.put("name", need.name());
        }
        if (!namespace.isEmpty()) {
            attributes.put("namespace", namespace);
        }
        return !(writer.post(REVIEWS, review) instanceof ClusterWriter.Outcome.Applied applied)
                || applied.answer().path("status").path("allowed").asBoolean(false);
    }
}

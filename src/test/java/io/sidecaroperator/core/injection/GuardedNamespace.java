package io.sidecaroperator.core.injection;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.TestCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A namespace of the real cluster that refuses some pods: by a Pod Security level, by a LimitRange, or by both. */
final class GuardedNamespace {
    private static final String ENFORCE = "pod-security.kubernetes.io/enforce";
    private static final List<String> LIMITS = List.of("""
            {"limits":[{"type":"Container","max":{"cpu":"400m"},"default":{"cpu":"200m"}}]}""", """
            {"limits":[{"type":"Container","min":{"memory":"150Mi"},"defaultRequest":{"memory":"160Mi"}}]}""", """
            {"limits":[{"type":"Pod","max":{"cpu":"2","memory":"2Gi"}},
             {"type":"Container","default":{"cpu":"500m","memory":"256Mi"}}]}""", """
            {"limits":[{"type":"Container","maxLimitRequestRatio":{"cpu":"4"},
             "default":{"cpu":"400m"},"defaultRequest":{"cpu":"100m"}}]}""");

    private final TestCluster cluster;
    private final String name;
    private final Map<String, String> labels;
    private final List<ObjectNode> limitRanges = new ArrayList<>();
    private String refusal = "";

    private GuardedNamespace(TestCluster cluster, Map<String, String> labels) {
        this.cluster = cluster;
        this.labels = labels;
        this.name = cluster.namespace("guarded", labels);
        await().until(() -> cluster.admin()
                        .serviceAccounts()
                        .inNamespace(name)
                        .withName("default")
                        .get()
                != null);
    }

    static List<GuardedNamespace> all(TestCluster cluster) {
        List<GuardedNamespace> all = new ArrayList<>();
        for (String level : List.of("baseline", "restricted")) {
            all.add(new GuardedNamespace(cluster, Map.of(ENFORCE, level)));
        }
        for (String spec : LIMITS) {
            all.add(new GuardedNamespace(cluster, Map.of()).limit(spec));
        }
        all.add(new GuardedNamespace(cluster, Map.of(ENFORCE, "restricted")).limit(LIMITS.get(0)));
        return all;
    }

    private GuardedNamespace limit(String spec) {
        ObjectNode range = Json.object().put("apiVersion", "v1").put("kind", "LimitRange");
        range.putObject("metadata").put("name", "limits");
        range.set("spec", Json.parse(spec));
        String answer = cluster.admin().raw("/api/v1/namespaces/" + name + "/limitranges", "POST", Json.text(range));
        limitRanges.add((ObjectNode) Json.parse(String.valueOf(answer)).path("spec"));
        return this;
    }

    Input.InNamespace input() {
        return new Input.InNamespace(labels, false, limitRanges);
    }

    /** Whether the server would store a Pod of this template here. */
    boolean accepts(ObjectNode template) {
        ObjectNode pod = template.deepCopy().put("apiVersion", "v1").put("kind", "Pod");
        pod.withObject("/metadata").put("name", "world");
        try {
            cluster.admin().raw("/api/v1/namespaces/" + name + "/pods?dryRun=All", "POST", Json.text(pod));
            return true;
        } catch (KubernetesClientException e) {
            refusal = String.valueOf(e.getMessage());
            return false;
        }
    }

    /** The server's message when it last refused a pod. */
    String refusal() {
        return refusal;
    }

    /** Gives a container what the level restricted requires. */
    static void secure(ObjectNode container) {
        ObjectNode context = container
                .withObject("/securityContext")
                .put("allowPrivilegeEscalation", false)
                .put("runAsNonRoot", true);
        context.putObject("capabilities").putArray("drop").add("ALL");
        context.putObject("seccompProfile").put("type", "RuntimeDefault");
    }
}

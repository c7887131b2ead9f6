package io.sidecaroperator.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyIndexTest {
    private static final int MANY = 10_000;

    @Test
    void ordersByScopeThenPriorityThenName() {
        PolicyIndex index = PolicyIndex.of(List.of(
                policy("shop", "b", 0, "{}"),
                policy("shop", "a", 0, "{}"),
                policy("shop", "z", 5, "{}"),
                policy("shop", "n", -5, "{}"),
                policy("", "cluster", -100, "{}")));

        assertThat(index.candidates("shop", Map.of(), Map.of()))
                .extracting(policy -> policy.key().name())
                .containsExactly("cluster", "z", "a", "b", "n");
    }

    @Test
    void offersWhatCanReachATemplateAndFewOthers() {
        PolicyIndex index = PolicyIndex.of(List.of(
                policy("shop", "by-label", 0, "{\"matchLabels\":{\"logs\":\"on\"}}"),
                policy(
                        "shop",
                        "by-expression",
                        0,
                        "{\"matchExpressions\":[{\"key\":\"logs\",\"operator\":\"In\",\"values\":[\"on\"]}]}"),
                policy(
                        "shop",
                        "by-many",
                        0,
                        "{\"matchExpressions\":[{\"key\":\"logs\",\"operator\":\"In\",\"values\":[\"on\",\"off\"]}]}"),
                policy("other", "elsewhere", 0, "{}")));

        assertThat(names(index, "shop", Map.of("logs", "on"))).containsExactly("by-expression", "by-label", "by-many");
        assertThat(names(index, "shop", Map.of("logs", "off"))).containsExactly("by-many");
        assertThat(names(index, "none", Map.of("logs", "on"))).isEmpty();
        assertThat(names(index, "", Map.of())).isEmpty();
    }

    @Test
    void knowsItsPoliciesByNameAndWhichAreLeaving() {
        PolicyKey gone = new PolicyKey("shop", "gone");
        CompiledPolicy logs = policy("shop", "logs", 0, "{}");
        PolicyIndex index = PolicyIndex.of(List.of(logs), new PolicyIndex.Terminating(Set.of(gone), Set.of()));

        assertThat(index.find(logs.key())).contains(logs);
        assertThat(index.find(gone)).isEmpty();
        assertThat(index.isDeleting(gone)).isTrue();
        assertThat(index.isDeleting(logs.key())).isFalse();
        assertThat(PolicyIndex.EMPTY.policies()).isEmpty();
    }

    @Test
    void looksAtAsFewPoliciesOfTenThousandAsOfOne() {
        List<CompiledPolicy> policies = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            // All of these policies require one of their two labels, so the other one has to tell them apart.
            policies.add(policy("shop", "team-" + i, 0, "{\"matchLabels\":{\"a\":\"b\",\"team\":\"" + i + "\"}}"));
            policies.add(policy("n" + i, "all", 0, "{}"));
            policies.add(clusterPolicy("by-namespace-" + i, "{\"matchLabels\":{\"team\":\"" + i + "\"}}"));
            policies.add(clusterPolicy(
                    "by-name-" + i,
                    "{\"matchExpressions\":[{\"key\":\"kubernetes.io/metadata.name\",\"operator\":\"In\","
                            + "\"values\":[\"n" + i + "\",\"m" + i + "\"]}]}"));
        }
        PolicyIndex index = PolicyIndex.of(policies);

        assertThat(names(index, "shop", Map.of("a", "b", "team", "7"))).containsExactly("team-7");
        assertThat(index.candidates(
                        "n9", Map.of("team", "5", "kubernetes.io/metadata.name", "n9"), Map.of("a", "b", "team", "7")))
                .extracting(policy -> policy.key().name())
                .containsExactly("by-name-9", "by-namespace-5", "all");
    }

    private static CompiledPolicy clusterPolicy(String name, String namespaceSelector) {
        ObjectNode policy = Json.object().put("kind", "ClusterSidecarPolicy");
        policy.putObject("metadata").put("name", name);
        ObjectNode spec = policy.putObject("spec");
        spec.putObject("selector").putObject("matchLabels").put("a", "b");
        spec.set("namespaceSelector", Json.parse(namespaceSelector));
        return PolicyCompiler.compile(policy);
    }

    private static List<String> names(PolicyIndex index, String namespace, Map<String, String> labels) {
        return index.candidates(namespace, Map.of(), labels).stream()
                .map(policy -> policy.key().name())
                .toList();
    }

    private static CompiledPolicy policy(String namespace, String name, int priority, String selector) {
        ObjectNode policy = Json.object().put("kind", namespace.isEmpty() ? "ClusterSidecarPolicy" : "SidecarPolicy");
        policy.putObject("metadata").put("name", name).put("namespace", namespace);
        policy.putObject("spec").put("priority", priority).set("selector", Json.parse(selector));
        return PolicyCompiler.compile(policy);
    }
}

package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Manifests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operator's permissions, listed: a change that widens a permission must change this test, too. */
class RbacTest {
    private static final String[] IN_NAMESPACES = {
        "sidecar-operator.io/sidecarpolicies: list watch patch",
        "sidecar-operator.io/sidecarpolicies/status: patch",
        "apps/deployments: list watch patch",
        "apps/statefulsets: list watch patch",
        "apps/daemonsets: list watch patch",
        "apps/replicasets: list watch patch",
        "batch/cronjobs: list watch patch",
        "apps/controllerrevisions: create list watch delete",
        "pods: list",
        "limitranges: list watch",
        "events.k8s.io/events: create",
    };
    private static final String[] IN_ITS_OWN_NAMESPACE = {
        "coordination.k8s.io/leases: create", "coordination.k8s.io/leases (only sidecar-operator): get patch update",
    };
    private static final String[] IN_THE_CLUSTER = {
        "sidecar-operator.io/clustersidecarpolicies: list watch patch",
        "sidecar-operator.io/clustersidecarpolicies/status: patch",
        "namespaces: list watch",
        "admissionregistration.k8s.io/mutatingwebhookconfigurations: create",
        "admissionregistration.k8s.io/mutatingwebhookconfigurations (only sidecar-operator): get update",
    };

    @Test
    void oneClusterRoleGrantsEverythingButTheLeaseByDefault() {
        Manifests manifests = HelmChart.render();

        assertThat(grants(manifests.only("ClusterRole"))).containsExactlyInAnyOrder(concat());
        ObjectNode own = manifests.only("Role");
        assertThat(own.at("/metadata/namespace").asText()).isEqualTo(HelmChart.NAMESPACE);
        assertThat(grants(own)).containsExactlyInAnyOrder(IN_ITS_OWN_NAMESPACE);
        assertBound(manifests, manifests.only("RoleBinding"), own);
        assertBound(manifests, manifests.only("ClusterRoleBinding"), manifests.only("ClusterRole"));
    }

    @Test
    void givenNamespacesTheClusterRoleKeepsOnlyWhatIsInNoNamespace() {
        Manifests manifests = HelmChart.render("namespaces: [shop, bank]");

        assertThat(grants(manifests.only("ClusterRole"))).containsExactlyInAnyOrder(IN_THE_CLUSTER);
        List<ObjectNode> roles = manifests.all("Role");
        assertThat(namespaces(roles)).containsExactly(HelmChart.NAMESPACE, "shop", "bank");
        assertThat(grants(roles.get(0)))
                .as("with the revisions of cluster policies")
                .contains(IN_ITS_OWN_NAMESPACE)
                .contains("apps/controllerrevisions: create list watch delete")
                .hasSize(IN_ITS_OWN_NAMESPACE.length + 1);
        assertThat(roles.subList(1, 3))
                .allSatisfy(role -> assertThat(grants(role)).containsExactlyInAnyOrder(IN_NAMESPACES));
        List<ObjectNode> bindings = manifests.all("RoleBinding");
        assertThat(namespaces(bindings)).isEqualTo(namespaces(roles));
        for (int i = 0; i < roles.size(); i++) {
            assertBound(manifests, bindings.get(i), roles.get(i));
        }
        assertBound(manifests, manifests.only("ClusterRoleBinding"), manifests.only("ClusterRole"));
    }

    @Test
    void anotherNameRestrictsTheWebhookConfigurationAndTheLeaseOfThatName() {
        Manifests manifests = HelmChart.render("fullnameOverride: sidecars");
        assertThat(grants(manifests.only("ClusterRole")))
                .contains("admissionregistration.k8s.io/mutatingwebhookconfigurations (only sidecars): get update");
        assertThat(grants(manifests.only("Role")))
                .contains("coordination.k8s.io/leases (only sidecars): get patch update");
    }

    @Test
    void aKindOfWorkloadOfYourOwnIsGrantedAndNamedToTheOperator() {
        Manifests manifests = HelmChart.render("""
                workloadKinds:
                - {group: argoproj.io, version: v1alpha1, kind: Rollout, templatePath: /spec/template}
                - {group: example.org, version: v1, kind: Gateway, plural: gatewayz, templatePath: /spec/pods/template}
                """);

        assertThat(grants(manifests.only("ClusterRole")))
                .contains("argoproj.io/rollouts: list watch patch", "example.org/gatewayz: list watch patch");
        assertThat(Json.named(
                                manifests.only("Deployment").at("/spec/template/spec/containers/0"),
                                "env",
                                "SIDECAR_OPERATOR_WORKLOAD_KINDS")
                        .map(variable -> variable.path("value").asText()))
                .contains("argoproj.io/v1alpha1/Rollout=/spec/template,example.org/v1/Gateway=/spec/pods/template");
    }

    @Test
    void podsAreDeletedOnlyByWhoAskedForIt() {
        assertThat(grants(HelmChart.render("rollback: {deletePods: true}").only("ClusterRole")))
                .contains("pods: list", "pods: delete");
        assertThat(grants(HelmChart.render("rollback: {deletePods: true}\nnamespaces: [shop]")
                        .all("Role")
                        .get(1)))
                .contains("pods: delete");
    }

    @Test
    void theOperatorsOwnNamespaceMayBeOneOfThoseItWorksIn() {
        assertThat(HelmChart.render("namespaces: [" + HelmChart.NAMESPACE + "]").all("Role"))
                .extracting(role -> role.at("/metadata/name").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void withoutRbacOnlyTheAccountIsLeft() {
        assertThat(HelmChart.render("rbac: {create: false}\nnamespaces: [shop]\npolicyValidation: {enabled: false}")
                        .kinds())
                .containsExactly("ServiceAccount", "Service", "Deployment");
    }

    private static void assertBound(Manifests manifests, ObjectNode binding, ObjectNode role) {
        assertThat(binding.at("/roleRef/kind").asText())
                .isEqualTo(role.path("kind").asText());
        assertThat(binding.at("/roleRef/name").asText())
                .isEqualTo(role.at("/metadata/name").asText());
        assertThat(binding.path("subjects")).hasSize(1);
        assertThat(binding.at("/subjects/0/kind").asText()).isEqualTo("ServiceAccount");
        assertThat(binding.at("/subjects/0/name").asText())
                .isEqualTo(manifests.only("ServiceAccount").at("/metadata/name").asText())
                .isEqualTo(manifests
                        .only("Deployment")
                        .at("/spec/template/spec/serviceAccountName")
                        .asText());
        assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(HelmChart.NAMESPACE);
    }

    static List<String> grants(ObjectNode role) {
        List<String> grants = new ArrayList<>();
        for (JsonNode rule : role.path("rules")) {
            String names = rule.has("resourceNames") ? " (only " + words(rule.path("resourceNames")) + ")" : "";
            for (JsonNode group : rule.path("apiGroups")) {
                for (JsonNode resource : rule.path("resources")) {
                    String prefix = group.asText().isEmpty() ? "" : group.asText() + "/";
                    grants.add(prefix + resource.asText() + names + ": " + words(rule.path("verbs")));
                }
            }
        }
        return grants;
    }

    private static List<String> namespaces(List<ObjectNode> objects) {
        return objects.stream()
                .map(object -> object.at("/metadata/namespace").asText())
                .toList();
    }

    private static String words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        return String.join(" ", words);
    }

    private static String[] concat() {
        List<String> all = new ArrayList<>(List.of(IN_NAMESPACES));
        all.addAll(List.of(IN_THE_CLUSTER));
        return all.toArray(String[]::new);
    }
}

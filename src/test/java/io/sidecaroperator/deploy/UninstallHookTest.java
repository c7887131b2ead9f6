package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What Helm runs before it deletes the release. It exists only then, and its account has only the permissions that it
 * uses.
 */
class UninstallHookTest {
    private static final String NAME = "sidecar-operator-uninstall";
    private static final String[] IN_NAMESPACES = {
        "sidecar-operator.io/sidecarpolicies: list get patch",
        "sidecar-operator.io/sidecarpolicies/status: patch",
        "apps/deployments: list get patch",
        "apps/statefulsets: list get patch",
        "apps/daemonsets: list get patch",
        "apps/replicasets: list get patch",
        "batch/cronjobs: list get patch",
        "pods: list",
        "batch/jobs: list",
    };
    private static final String[] IN_THE_CLUSTER = {
        "admissionregistration.k8s.io/mutatingwebhookconfigurations: list",
        "admissionregistration.k8s.io/mutatingwebhookconfigurations (only sidecar-operator): delete",
        "sidecar-operator.io/clustersidecarpolicies: list get patch",
        "sidecar-operator.io/clustersidecarpolicies/status: patch",
    };

    @Test
    void everyObjectIsAHookThatGoesWhenItIsDone() {
        Manifests hooks = hooks("namespaces: [shop]");

        assertThat(hooks.objects()).allSatisfy(object -> {
            JsonNode annotations = object.at("/metadata/annotations");
            assertThat(annotations.path("hook").asText()).isEqualTo("pre-delete");
            assertThat(annotations.path("hook-delete-policy").asText())
                    .isEqualTo("before-hook-creation,hook-succeeded");
            boolean job = object.path("kind").asText().equals("Job");
            assertThat(annotations.path("hook-weight").asText())
                    .as("the Job comes after what it needs")
                    .isEqualTo(job ? "0" : "-10");
        });
        assertThat(hooks.names("Job")).containsExactly(NAME);
        assertThat(hooks("uninstall: {enabled: false}").objects()).isEmpty();
        assertThat(Checkout.read(InstallFile.PATH)).doesNotContain("helm.sh/hook");
    }

    @Test
    void onlyHelmRunsIt() {
        assertThat(Checkout.read(HelmChart.FOLDER + "/templates/uninstall.yaml"))
                .contains("helm.sh/hook: pre-delete", "helm.sh/hook-weight:", "helm.sh/hook-delete-policy:");
        assertThat(HelmChart.render().names("ClusterRole")).containsExactly("sidecar-operator");
    }

    @Test
    void theJobRunsTheCommandInTheOperatorsImage() {
        assertThat(arguments("{}"))
                .containsExactly(
                        "uninstall",
                        "--in-cluster",
                        "--stop-operator",
                        "--yes",
                        "--operator-namespace=" + HelmChart.NAMESPACE,
                        "--operator-name=sidecar-operator");
        assertThat(arguments("""
                        fullnameOverride: sidecars
                        namespaces: [shop, bank]
                        workloadKinds:
                        - {group: argoproj.io, version: v1alpha1, kind: Rollout, templatePath: /spec/template}
                        """))
                .contains(
                        "--operator-name=sidecars",
                        "--namespace=shop",
                        "--namespace=bank",
                        "--whole-installation",
                        "--workload-kind=argoproj.io/v1alpha1/Rollout=/spec/template");
        String values = "image: {repository: registry.example/sidecar-operator, tag: '2'}";
        assertThat(container(values).path("image"))
                .isEqualTo(OperatorPodTest.container(HelmChart.render(values)).path("image"));
        ObjectNode operator = OperatorPodTest.container(HelmChart.render());
        for (String field : List.of("securityContext", "resources", "volumeMounts")) {
            assertThat(container("{}").path(field)).as(field).isEqualTo(operator.path(field));
        }
    }

    @Test
    void nobodyTakesItsPodForTheOperators() {
        JsonNode labels = hooks("{}").only("Job").at("/spec/template/metadata/labels");
        JsonNode selector = HelmChart.render().only("Deployment").at("/spec/selector/matchLabels");

        assertThat(selector.properties()).anyMatch(label -> !label.getValue().equals(labels.get(label.getKey())));
    }

    @Test
    void itMayWhatItDoesAndNothingElse() {
        Manifests hooks = hooks("{}");
        List<String> all = new ArrayList<>(List.of(IN_THE_CLUSTER));
        all.addAll(List.of(IN_NAMESPACES));

        assertThat(RbacTest.grants(hooks.only("ClusterRole"))).containsExactlyInAnyOrderElementsOf(all);
        assertThat(RbacTest.grants(hooks.only("Role")))
                .containsExactlyInAnyOrder(
                        "apps/deployments (only sidecar-operator): get",
                        "apps/deployments/scale (only sidecar-operator): patch",
                        "pods: list",
                        "coordination.k8s.io/leases (only sidecar-operator): get delete");
        for (String kind : List.of("ClusterRoleBinding", "RoleBinding")) {
            ObjectNode binding = hooks.only(kind);
            assertThat(binding.at("/subjects/0/name").asText()).isEqualTo(NAME);
            assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(HelmChart.NAMESPACE);
            assertThat(binding.at("/roleRef/name")).isEqualTo(binding.at("/metadata/name"));
        }
        assertThat(hooks.only("Job")
                        .at("/spec/template/spec/serviceAccountName")
                        .asText())
                .isEqualTo(NAME)
                .isEqualTo(hooks.only("ServiceAccount").at("/metadata/name").asText());
    }

    @Test
    void givenNamespacesItMayNothingElsewhere() {
        Manifests hooks = hooks("namespaces: [shop, " + HelmChart.NAMESPACE + "]");

        assertThat(RbacTest.grants(hooks.only("ClusterRole"))).containsExactlyInAnyOrder(IN_THE_CLUSTER);
        assertThat(hooks.all("Role")).hasSize(3);
        assertThat(RbacTest.grants(hooks.all("Role").get(1))).containsExactlyInAnyOrder(IN_NAMESPACES);
        assertThat(hooks.all("Role"))
                .extracting(role -> role.at("/metadata/namespace").asText()
                        + role.at("/metadata/name").asText())
                .doesNotHaveDuplicates();
        assertThat(hooks("rbac: {create: false}").kinds()).containsExactly("ServiceAccount", "Job");
    }

    @Test
    void namesFitWhateverTheReleaseIsCalled() {
        assertThat(HelmChart.hooks("a".repeat(53), "{}").objects())
                .allSatisfy(object -> assertThat(object.at("/metadata/name").asText())
                        .hasSizeLessThanOrEqualTo(63 + "-own-namespace".length())
                        .matches("[a-z0-9-]*[a-z0-9]"));
        assertThat(HelmChart.hooks("a".repeat(53), "{}").names("Job")).allMatch(name -> name.length() <= 63);
    }

    private static Manifests hooks(String values) {
        return HelmChart.hooks("sidecar-operator", values);
    }

    private static ObjectNode container(String values) {
        return (ObjectNode) hooks(values).only("Job").at("/spec/template/spec/containers/0");
    }

    private static List<String> arguments(String values) {
        List<String> arguments = new ArrayList<>();
        container(values).path("args").forEach(argument -> arguments.add(argument.asText()));
        return arguments;
    }
}

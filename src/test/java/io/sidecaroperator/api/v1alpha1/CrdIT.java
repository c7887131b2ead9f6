package io.sidecaroperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.PolicyFile;
import io.sidecaroperator.support.PolicyFile.Expectation;
import io.sidecaroperator.support.TestCluster;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server makes of the CRDs alone, with no webhook and no operator. */
class CrdIT {
    private static final String API = "/apis/sidecar-operator.io/v1alpha1";
    private static final TestCluster CLUSTER = TestCluster.get();

    private static String namespace = "";

    @BeforeAll
    static void install() {
        CLUSTER.installCrds();
        namespace = CLUSTER.namespace("crd", Map.of());
    }

    static Stream<PolicyFile> invalidPolicies() {
        return PolicyFile.invalid().stream().filter(PolicyFile::isRefusedByServer);
    }

    static Stream<PolicyFile> validPolicies() {
        return PolicyFile.valid().stream();
    }

    @ParameterizedTest
    @MethodSource("invalidPolicies")
    void refuses(PolicyFile file) {
        KubernetesClientException refusal =
                catchThrowableOfType(KubernetesClientException.class, () -> dryRun(file.policy()));

        assertThat(refusal).as("%s was accepted", file).isNotNull();
        assertThat(refusal.getCode()).as(refusal.getMessage()).isEqualTo(422);
        List<StatusCause> causes = refusal.getStatus().getDetails().getCauses();
        for (Expectation expected : file.expectations()) {
            if (!expected.byServer()) {
                continue;
            }
            assertThat(causes).anySatisfy(cause -> {
                assertThat(cause.getField()).isEqualTo(expected.path());
                assertThat(cause.getMessage()).contains(expected.message());
            });
        }
    }

    @ParameterizedTest
    @MethodSource("validPolicies")
    void acceptsUnchanged(PolicyFile file) {
        JsonNode stored = dryRun(file.policy());

        assertThat(stored.get("spec")).isEqualTo(file.policy().get("spec"));
    }

    @Test
    void storesWhatWasSent() {
        PolicyFile future = PolicyFile.valid().stream()
                .filter(file -> file.name().endsWith("future-fields.yaml"))
                .findFirst()
                .orElseThrow();
        post(named("stored", future.policy()), "");

        JsonNode stored = Json.parse(CLUSTER.kubectl("", "get", "scp", "stored", "-n", namespace, "-o", "json")
                .ok()
                .out());

        assertThat(stored.get("spec")).isEqualTo(future.policy().get("spec"));
    }

    @Test
    void refusesAnUnknownFieldOfThePolicy() {
        ObjectNode policy = PolicyFile.valid().get(0).policy();
        ((ObjectNode) policy.get("spec")).putArray("sidecar");

        assertThat(catchThrowableOfType(KubernetesClientException.class, () -> dryRun(policy)))
                .hasMessageContaining("unknown field \"spec.sidecar\"");
    }

    @Test
    void canBeAppliedByTheClientSideAsWell() {
        assertThat(CLUSTER.kubectl("", "apply", "-f", "crds/").ok().err()).doesNotContain("annotations");
        assertThat(CLUSTER.kubectl("", "apply", "-f", "crds/").ok().out()).contains("unchanged");
        CLUSTER.installCrds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecarpolicy.spec.sidecars", "clustersidecarpolicy.spec.sidecars", "scp.spec.sidecars"})
    void kubectlExplains(String path) {
        assertThat(CLUSTER.kubectl("", "explain", path).ok().out())
                .contains("The containers to add")
                .contains("placement\t<Object>")
                .contains("livenessProbe\t<Object>")
                .contains("enum: Container, Init, Native");
    }

    @Test
    void kubectlPrintsTheStatusThatTheClassesWrite() {
        ObjectNode policy = PolicyFile.valid().stream()
                .filter(file -> file.name().endsWith("short.yaml"))
                .findFirst()
                .orElseThrow()
                .policy();
        post(named("status", policy), "");
        JsonNode patch = Json.parse(Json.text(Json.object().set("status", Json.MAPPER.valueToTree(status()))));
        CLUSTER.kubectl(
                        "",
                        "patch",
                        "sidecarpolicy",
                        "status",
                        "-n",
                        namespace,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        Json.text(patch))
                .ok();

        String printed = CLUSTER.kubectl("", "get", "sidecarpolicies", "status", "-n", namespace)
                .ok()
                .out();
        JsonNode stored = Json.parse(CLUSTER.kubectl("", "get", "scp", "status", "-n", namespace, "-o", "json")
                .ok()
                .out());

        assertThat(printed.lines().toList().get(0)).matches("NAME +READY +MATCHED +INJECTED +REVISION +AGE");
        assertThat(printed.lines().toList().get(1)).matches("status +True +3 +2 +5f0c +\\S+");
        assertThat(stored.get("status")).isEqualTo(patch.get("status"));
        assertThat(stored.at("/metadata/generation").asInt()).isEqualTo(1);
    }

    private static SidecarPolicyStatus status() {
        return new SidecarPolicyStatus(
                List.of(new PolicyCondition(
                        PolicyCondition.Type.Ready,
                        PolicyCondition.Status.True,
                        "Injected",
                        "2 of 3 workloads run with the sidecars",
                        "2026-01-01T00:00:00Z",
                        1L)),
                1L,
                "5f0c",
                null,
                null,
                new WorkloadCounts(3, 2, 0, 1, 0, 0),
                Map.of("memory", "128Mi", "cpu", "100m"),
                List.of(new WorkloadExceptionEntry("Deployment", namespace, "web", "EnvTaken", "A is taken")),
                new PolicyPreview(1, 3, List.of(new PreviewEntry("Deployment", namespace, "web", "Inject", 3))));
    }

    /** What is stored has a name of its own, so that the other tests can still create theirs, in whatever order they run. */
    private static ObjectNode named(String name, ObjectNode policy) {
        ObjectNode copy = policy.deepCopy();
        copy.withObject("/metadata").put("name", name);
        return copy;
    }

    private static JsonNode dryRun(ObjectNode policy) {
        return post(policy, "&dryRun=All");
    }

    private static JsonNode post(ObjectNode policy, String query) {
        boolean cluster = policy.path("kind").asText().equals(ClusterSidecarPolicy.KIND);
        String collection = cluster ? "/clustersidecarpolicies" : "/namespaces/" + namespace + "/sidecarpolicies";
        ObjectNode object = policy.deepCopy();
        if (!cluster) {
            ((ObjectNode) object.get("metadata")).put("namespace", namespace);
        }
        return Json.parse(
                CLUSTER.admin().raw(API + collection + "?fieldValidation=Strict" + query, "POST", Json.text(object)));
    }
}

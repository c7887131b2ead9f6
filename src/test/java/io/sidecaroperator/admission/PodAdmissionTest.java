package io.sidecaroperator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.admission.AdmissionResponse.Allowed;
import io.sidecaroperator.admission.AdmissionResponse.Patched;
import io.sidecaroperator.engine.CompiledPolicy;
import io.sidecaroperator.engine.Engine;
import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.engine.PolicyBook;
import io.sidecaroperator.engine.PolicyCompiler;
import io.sidecaroperator.engine.Receipt;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.Patch;
import io.sidecaroperator.workload.WorkloadKinds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodAdmissionTest {
    private static final String COLLECTOR = "{\"name\":\"collector\",\"image\":\"example.org/collector:1\"}";

    private final Map<String, Map<String, String>> namespaces = new HashMap<>(Map.of("shop", Map.of()));
    private PolicyBook book = PolicyBook.of(List.of(policy("logs", "\"sidecars\":[" + COLLECTOR + "]")));

    @Test
    void aBarePodGetsTheSidecarAndAReceipt() {
        ObjectNode pod = pod("");
        ObjectNode before = pod.deepCopy();

        Patched answer = (Patched) handle(pod);

        JsonNode patched = Patch.apply(answer.patch(), pod);
        assertThat(patched.at("/spec/initContainers/0/name").textValue()).isEqualTo("collector");
        assertThat(patched.at("/metadata/annotations").has(Receipt.ANNOTATION)).isTrue();
        assertThat(Engine.strip((ObjectNode) patched).template()).isEqualTo(before);
        assertThat(pod).isEqualTo(before);
        assertThat(answer.reason()).isEqualTo("Injected");
        assertThat(answer.warnings()).containsExactly("sidecar policy shop/logs adds collector");
    }

    @ParameterizedTest
    @CsvSource({
        "batch/v1,              Job",
        "argoproj.io/v1alpha1,  ReplicaSet",
        "v1,                    ReplicationController"
    })
    void aPodWhoseOwnerNobodyReconcilesGetsTheSidecar(String apiVersion, String kind) {
        assertThat(handle(pod("\"labels\":{\"app\":\"web\",\"pod-template-hash\":\"5f\"}," + owner(apiVersion, kind))))
                .isInstanceOf(Patched.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ReplicaSet", "StatefulSet", "DaemonSet"})
    void aPodWhoseOwnersTemplateIsLookedAfterIsLeftToThatTemplate(String kind) {
        AdmissionResponse answer = handle(pod("\"labels\":{\"app\":\"web\"}," + owner("apps/v1", kind)));

        assertThat(answer).isEqualTo(new Allowed("OwnerDecides", List.of()));
    }

    @Test
    void aKindThatTheOperatorWasToldOfDecidesForItsPodsToo() {
        WorkloadKinds kinds = WorkloadKinds.parse(List.of("apps.kruise.io/v1alpha1/CloneSet=/spec/template"));

        assertThat(OwnerKind.of(kinds)).contains(new OwnerKind("apps.kruise.io", "CloneSet"));
    }

    @Test
    void anOwnerThatIsNoControllerDoesNotCount() {
        String owner = owner("apps/v1", "ReplicaSet").replace("\"controller\":true", "\"controller\":false");

        assertThat(handle(pod("\"labels\":{\"app\":\"web\",\"pod-template-hash\":\"5f\"}," + owner)))
                .isInstanceOf(Patched.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "", "junk"})
    void aPodThatCarriesAReceiptIsLeftAlone(String receipt) {
        AdmissionResponse answer = handle(pod(
                "\"labels\":{\"app\":\"web\"},\"annotations\":{\"sidecar-operator.io/receipt\":\"" + receipt + "\"}"));

        assertThat(answer).isEqualTo(new Allowed("CarriesReceipt", List.of()));
    }

    @Test
    void whatIsInjectedIsLeftAloneWhenAskedAgain() {
        ObjectNode pod = pod("");

        ObjectNode injected = (ObjectNode) Patch.apply(((Patched) handle(pod)).patch(), pod);

        assertThat(handle(injected).reason()).isEqualTo("CarriesReceipt");
    }

    @Test
    void theOwnerIsWhatPoliciesSee() {
        book = PolicyBook.of(List.of(policy(
                "logs",
                "\"workloads\":{\"kinds\":[\"Job\"],\"names\":[\"import-*\"]},\"sidecars\":[" + COLLECTOR + "]")));

        assertThat(handle(pod(owner("batch/v1", "Job")))).isInstanceOf(Patched.class);
        assertThat(handle(pod(owner("batch/v1", "Job").replace("import-1", "export-1")))
                        .reason())
                .isEqualTo("NotSelected");
        assertThat(handle(pod("")).reason()).isEqualTo("NotSelected");
    }

    @Test
    void optOutsAndProtectedNamespacesStayAsTheyAre() {
        namespaces.put("shop", Map.of("sidecar-operator.io/inject", "false"));
        assertThat(handle(pod(""))).isEqualTo(new Allowed("OptedOut", List.of()));

        namespaces.put("shop", Map.of());
        assertThat(handle(pod("\"labels\":{\"app\":\"web\",\"sidecar-operator.io/inject\":\"false\"}")))
                .isEqualTo(new Allowed("OptedOut", List.of()));

        book = PolicyBook.of(List.of(policy("logs", "\"sidecars\":[" + COLLECTOR + "]", "ops")));
        assertThat(handle(request("CREATE", "ops", pod("")))).isEqualTo(new Allowed("SystemNamespace", List.of()));
    }

    @Test
    void aNamespaceThatIsNotKnownYetCountsAsOneWithoutLabels() {
        namespaces.clear();

        assertThat(handle(pod(""))).isInstanceOf(Patched.class);
    }

    @Test
    void aRefusalSaysWhyAndWhatToDo() {
        ObjectNode pod = pod("");
        Json.named(pod.path("spec"), "containers", "app").orElseThrow().put("name", "collector");

        AdmissionResponse answer = handle(pod);

        assertThat(answer)
                .isEqualTo(new Allowed(
                        "ContainerNameTaken",
                        List.of(
                                "sidecar policy shop/logs is not injected: ContainerNameTaken",
                                "the workload has a container named collector itself; rename one of the two")));
    }

    @Test
    void aPolicyThatIsRefusedDoesNotKeepAnotherFromThePod() {
        book = PolicyBook.of(List.of(
                policy("a", "\"sidecars\":[" + COLLECTOR + "]"), policy("b", "\"sidecars\":[" + COLLECTOR + "]")));

        Patched answer = (Patched) handle(pod(""));

        assertThat(answer.reason()).isEqualTo("ContainerNameTaken");
        assertThat(answer.warnings())
                .containsExactly(
                        "sidecar policy shop/a adds collector",
                        "sidecar policy shop/b is not injected: ContainerNameTaken",
                        "policy shop/a already adds a container named collector");
    }

    @Test
    void aSkipThatSurprisesIsTold() {
        book = PolicyBook.of(
                List.of(policy("logs", "\"sidecars\":[{\"name\":\"c\",\"image\":\"i\",\"type\":\"Container\"}]")));
        ObjectNode pod = pod(owner("batch/v1", "Job"));
        ((ObjectNode) pod.path("spec")).put("restartPolicy", "Never");

        AdmissionResponse answer = handle(pod);

        assertThat(answer.reason()).isEqualTo("RunsToCompletion");
        assertThat(answer.warnings()).hasSize(2).first().asString().contains("RunsToCompletion");
    }

    @Test
    void whatIsNotHeededOfAnOverrideIsAWarning() {
        book = PolicyBook.of(
                List.of(policy("logs", "\"overrides\":{\"allow\":[\"image\"]},\"sidecars\":[" + COLLECTOR + "]")));
        String override = "{\\\"collector\\\":{\\\"image\\\":\\\"x:2\\\",\\\"env\\\":[]},\\\"other\\\":{}}";

        assertThat(handle(pod("\"annotations\":{\"sidecar-operator.io/override\":\"" + override + "\"}"))
                        .warnings())
                .containsExactly(
                        "OverrideIgnored: annotation sidecar-operator.io/override: no policy gives this workload a"
                                + " sidecar named other",
                        "sidecar policy shop/logs adds collector",
                        "OverrideIgnored: override of collector: env is not in overrides.allow of policy shop/logs");
    }

    @Test
    void warningsAreFewShortAndPrintable() {
        List<CompiledPolicy> policies = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            policies.add(policy(
                    "p" + "é".repeat(100) + i, "\"sidecars\":[{\"name\":\"s" + i + "\",\"image\":\"example.org/s\"}]"));
        }
        book = PolicyBook.of(policies);

        List<String> warnings = handle(pod("")).warnings();

        assertThat(warnings)
                .hasSize(PodWarnings.MOST)
                .allSatisfy(warning ->
                        assertThat(warning).hasSizeLessThanOrEqualTo(120).matches("[\\x20-\\x7e]+"));
        assertThat(warnings.get(PodWarnings.MOST - 1)).contains("15 more");
    }

    @Test
    void onlyTheCreationOfPodsIsAnsweredWithAPatch() {
        assertThat(handle(request("UPDATE", "shop", pod("")))).isEqualTo(new Allowed("NotAPodCreation", List.of()));
    }

    @Test
    void twoIdenticalQuestionsGetTheSameAnswer() {
        assertThat(AdmissionReviews.write("u", handle(pod(""))))
                .isEqualTo(AdmissionReviews.write("u", handle(pod(""))));
    }

    private AdmissionResponse handle(ObjectNode pod) {
        return handle(request("CREATE", "shop", pod));
    }

    private AdmissionResponse handle(AdmissionRequest request) {
        PodAdmission.Settings settings =
                new PodAdmission.Settings(OwnerKind.of(WorkloadKinds.BUILT_IN), "ops", new KubernetesVersion(1, 36));
        return new PodAdmission(settings, () -> book, name -> Optional.ofNullable(namespaces.get(name)))
                .handle(request);
    }

    private static AdmissionRequest request(String operation, String namespace, ObjectNode pod) {
        return new AdmissionRequest("u-1", operation, namespace, "", "pods", "", pod);
    }

    /** A pod that the policies select; {@code metadata} replaces its labels when it has some. */
    private static ObjectNode pod(String metadata) {
        String labels = metadata.contains("\"labels\"") ? "" : "\"labels\":{\"app\":\"web\"}";
        String separator = labels.isEmpty() || metadata.isEmpty() ? "" : ",";
        return (ObjectNode)
                Json.parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"generateName\":\"web-\","
                        + labels + separator + metadata + "},\"spec\":{\"future\":[],\"containers\":[{\"name\":\"app\","
                        + "\"image\":\"example.org/app:1\",\"args\":[]}],\"restartPolicy\":\"Always\"}}");
    }

    private static String owner(String apiVersion, String kind) {
        return "\"ownerReferences\":[{\"apiVersion\":\"" + apiVersion + "\",\"kind\":\"" + kind
                + "\",\"name\":\"import-1\",\"uid\":\"o\",\"controller\":true}]";
    }

    private static CompiledPolicy policy(String name, String spec) {
        return policy(name, spec, "shop");
    }

    private static CompiledPolicy policy(String name, String spec, String namespace) {
        return PolicyCompiler.compile((ObjectNode)
                Json.parse("{\"apiVersion\":\"sidecar-operator.io/v1alpha1\",\"kind\":\"SidecarPolicy\",\"metadata\":"
                        + "{\"name\":\"" + name + "\",\"namespace\":\"" + namespace + "\"},\"spec\":{\"selector\":"
                        + "{\"matchLabels\":{\"app\":\"web\"}}," + spec + "}}"));
    }
}

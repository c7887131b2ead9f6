package io.sidecaroperator.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.admission.AdmissionResponse.Allowed;
import io.sidecaroperator.operator.admission.AdmissionResponse.Patched;
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
    private static final String PROXY = "{\"name\":\"proxy\",\"image\":\"example.org/proxy:1\"}";

    private static final WorkloadKinds KINDS =
            WorkloadKinds.parse(List.of("apps.kruise.io/v1alpha1/CloneSet=/spec/template"));

    private final Map<String, Map<String, String>> namespaces = new HashMap<>(Map.of("shop", Map.of()));
    private PolicyIndex index = PolicyIndex.of(List.of(policy("logs", "\"sidecars\":[" + COLLECTOR + "]")));

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
        "apps/v1,               Deployment",
        "argoproj.io/v1alpha1,  ReplicaSet",
        "example.org/v1,        StatefulSet",
        "example.org/v1,        CloneSet",
        "v1,                    ReplicationController"
    })
    void aPodWhoseOwnerNobodyLooksAfterGetsTheSidecar(String apiVersion, String kind) {
        assertThat(handle(pod("\"labels\":{\"app\":\"web\",\"pod-template-hash\":\"5f\"}," + owner(apiVersion, kind))))
                .isInstanceOf(Patched.class);
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1,                  ReplicaSet",
        "apps/v1,                  StatefulSet",
        "apps/v1,                  DaemonSet",
        "apps/v1beta2,             StatefulSet",
        "apps.kruise.io/v1alpha1,  CloneSet"
    })
    void aPodWhoseTemplateIsLookedAfterIsWhatTheTemplateSays(String apiVersion, String kind) {
        assertThat(handle(pod(owner(apiVersion, kind)))).isEqualTo(new Allowed("OwnerDecides", List.of()));
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
        index = PolicyIndex.of(List.of(policy(
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

        index = PolicyIndex.of(List.of(policy("logs", "\"sidecars\":[" + COLLECTOR + "]", "ops")));
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
        index = PolicyIndex.of(List.of(
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
        index = PolicyIndex.of(
                List.of(policy("logs", "\"sidecars\":[{\"name\":\"c\",\"image\":\"i\",\"type\":\"Container\"}]")));
        ObjectNode pod = pod(owner("batch/v1", "Job"));
        ((ObjectNode) pod.path("spec")).put("restartPolicy", "Never");

        AdmissionResponse answer = handle(pod);

        assertThat(answer.reason()).isEqualTo("RunsToCompletion");
        assertThat(answer.warnings()).hasSize(2).first().asString().contains("RunsToCompletion");
    }

    @Test
    void whatIsNotHeededOfAnOverrideIsAWarning() {
        index = PolicyIndex.of(
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
        index = PolicyIndex.of(policies);

        List<String> warnings = handle(pod("")).warnings();

        assertThat(warnings)
                .hasSize(Warnings.MOST)
                .allSatisfy(warning ->
                        assertThat(warning).hasSizeLessThanOrEqualTo(120).matches("[\\x20-\\x7e]+"));
        assertThat(warnings.get(Warnings.MOST - 1)).contains("15 more");
    }

    /** Which adapter decides which pod, with a policy of each mode of injection. */
    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource({
        "pod of a Deployment,                   apps/v1,  ReplicaSet,            true,  both,  collector proxy",
        "pod of a StatefulSet,                  apps/v1,  StatefulSet,           true,  both,  collector proxy",
        "pod of a DaemonSet whose turn it is,   apps/v1,  DaemonSet,             true,  proxy, proxy",
        "pod of a DaemonSet that waits,         apps/v1,  DaemonSet,             true,  empty, ''",
        "pod of a bare ReplicaSet that waits,   apps/v1,  ReplicaSet,            true,  none,  ''",
        "pod of a bare ReplicaSet,              apps/v1,  ReplicaSet,            true,  collector, collector",
        "pod of a configured kind,              apps.kruise.io/v1alpha1, CloneSet, true, both, collector proxy",
        "pod of a configured kind that waits,   apps.kruise.io/v1alpha1, CloneSet, true, none, ''",
        "pod of a Job of a CronJob that waits,  batch/v1, Job,                   true,  empty, ''",
        "pod of a Job of a CronJob,             batch/v1, Job,                   true,  both,  collector proxy",
        "pod of a Job without its admission,    batch/v1, Job,                   true,  none,  collector proxy",
        "pod of a ReplicationController,        v1,       ReplicationController, true,  none,  collector proxy",
        "pod of an injected ReplicationController, v1,    ReplicationController, true,  collector, collector",
        "bare pod,                              v1,       None,                  false, none,  collector proxy",
        "bare pod with an empty receipt,        v1,       None,                  false, empty, ''",
        "bare pod with a receipt,               v1,       None,                  false, both,  collector proxy"
    })
    void whoAnswersForWhichPod(
            String pod, String apiVersion, String kind, boolean owned, String template, String containers) {
        CompiledPolicy toWorkloads = policy("logs", "\"sidecars\":[" + COLLECTOR + "]");
        CompiledPolicy toPods = policy("proxy", "\"injection\":\"Pod\",\"sidecars\":[" + PROXY + "]");
        index = PolicyIndex.of(List.of(toWorkloads, toPods));
        ObjectNode created = switch (template) {
            case "both" -> templated(List.of(toWorkloads, toPods));
            case "collector" -> templated(List.of(toWorkloads));
            case "proxy" -> templated(List.of(toPods));
            case "empty" -> withReceipt(pod(""), "{}");
            default -> pod("");
        };
        if (owned) {
            created.withObject("/metadata").setAll((ObjectNode) Json.parse("{" + owner(apiVersion, kind) + "}"));
        }

        JsonNode answer = patched(created);

        assertThat(initContainers(answer))
                .containsExactlyInAnyOrder(containers.isEmpty() ? new String[0] : containers.split(" "));
        assertThat(Engine.strip((ObjectNode) answer).template())
                .as("the added parts can be removed")
                .isEqualTo(Engine.strip(created).template());
        assertThat(patched((ObjectNode) answer)).as("asked again").isEqualTo(answer);
    }

    @Test
    void aPodGetsTheRevisionThatItsTemplateNamesAndNoOther() {
        CompiledPolicy old = policy("proxy", "\"injection\":\"Pod\",\"sidecars\":[" + PROXY + "]");
        CompiledPolicy next =
                policy("proxy", "\"injection\":\"Pod\",\"sidecars\":[" + PROXY.replace("proxy:1", "proxy:2") + "]");
        ObjectNode pod = templated(List.of(old));
        pod.withObject("/metadata").setAll((ObjectNode) Json.parse("{" + owner("apps/v1", "ReplicaSet") + "}"));

        index = PolicyIndex.of(List.of(next)).withKept(Map.of(old.key(), Map.of(old.revision(), old)));
        assertThat(patched(pod).at("/spec/initContainers/0/image").textValue()).isEqualTo("example.org/proxy:1");

        index = PolicyIndex.of(List.of(next));
        AdmissionResponse lost = handle(pod);
        assertThat(initContainers(patched(pod))).isEmpty();
        assertThat(lost.reason()).isEqualTo("RevisionUnknown");
        assertThat(lost.warnings()).contains("sidecar policy shop/proxy is not injected: RevisionUnknown");
    }

    @Test
    void whatATemplateLeavesToAPodIsGivenWhateverThePolicySaysByNow() {
        CompiledPolicy before = policy("proxy", "\"injection\":\"Pod\",\"sidecars\":[" + PROXY + "]");
        ObjectNode pod = templated(List.of(before));
        pod.withObject("/metadata").setAll((ObjectNode) Json.parse("{" + owner("apps/v1", "ReplicaSet") + "}"));

        index = PolicyIndex.of(List.of(policy(
                "proxy",
                "\"rollout\":{\"paused\":true},\"mode\":\"Audit\",\"injection\":\"Pod\",\"sidecars\":[" + PROXY
                        + "]")));

        assertThat(initContainers(patched(pod))).containsExactly("proxy");
    }

    @Test
    void anAuditIsTold() {
        index = PolicyIndex.of(List.of(policy("logs", "\"mode\":\"Audit\",\"sidecars\":[" + COLLECTOR + "]")));

        assertThat(handle(pod("")))
                .isEqualTo(
                        new Allowed("Audited", List.of("sidecar policy shop/logs (mode: Audit) would add collector")));
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

    /** A pod as its controller creates it from a template into which these policies were injected. */
    private ObjectNode templated(List<CompiledPolicy> policies) {
        ObjectNode template = pod("");
        template.retain("metadata", "spec");
        return pod("").setAll(Engine.CURRENT
                .inject(
                        Input.ofTemplate(
                                new WorkloadRef("apps", "Deployment", "shop", "web"),
                                Input.InNamespace.PLAIN,
                                template,
                                new KubernetesVersion(1, 36),
                                new Trigger.Create()),
                        PolicyIndex.of(policies))
                .template());
    }

    private static ObjectNode withReceipt(ObjectNode pod, String receipt) {
        pod.withObject("/metadata/annotations").put(Receipt.ANNOTATION, receipt);
        return pod;
    }

    private JsonNode patched(ObjectNode pod) {
        return handle(pod) instanceof Patched answer ? Patch.apply(answer.patch(), pod) : pod;
    }

    private static List<String> initContainers(JsonNode pod) {
        return Json.objects(pod.path("spec"), "initContainers")
                .map(container -> container.path("name").textValue())
                .toList();
    }

    private AdmissionResponse handle(ObjectNode pod) {
        return handle(request("CREATE", "shop", pod));
    }

    private AdmissionResponse handle(AdmissionRequest request) {
        ClusterView cluster = new ClusterView(
                () -> index,
                name -> new Input.InNamespace(namespaces.getOrDefault(name, Map.of()), name.equals("ops"), List.of()),
                new KubernetesVersion(1, 36));
        return new PodAdmission(cluster, KINDS).handle(request);
    }

    private static AdmissionRequest request(String operation, String namespace, ObjectNode pod) {
        return new AdmissionRequest(
                "u-1",
                operation,
                namespace,
                "jane",
                new AdmissionRequest.Resource("", "pods", ""),
                pod,
                Optional.empty());
    }

    /** A pod that the policies select. {@code metadata} replaces its labels if it has labels. */
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

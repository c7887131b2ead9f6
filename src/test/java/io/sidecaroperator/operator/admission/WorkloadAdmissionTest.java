package io.sidecaroperator.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.admission.AdmissionResponse.Allowed;
import io.sidecaroperator.operator.admission.AdmissionResponse.Patched;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadAdmissionTest {
    private static final String OPERATOR = "system:serviceaccount:ops:sidecar-operator";
    private static final WorkloadKinds KINDS =
            WorkloadKinds.parse(List.of("argoproj.io/v1alpha1/Rollout=/spec/template"));
    private static final String ON_NEXT = "\"rollout\":{\"strategy\":\"OnNextRollout\"}";
    private static final String PAUSED = "\"rollout\":{\"paused\":true}";

    private PolicyIndex index = PolicyIndex.of(List.of(policy(1, ON_NEXT)));

    @ParameterizedTest
    @CsvSource({
        "apps,        deployments,  Deployment",
        "apps,        statefulsets, StatefulSet",
        "apps,        daemonsets,   DaemonSet",
        "apps,        replicasets,  ReplicaSet",
        "batch,       cronjobs,     CronJob",
        "batch,       jobs,         Job",
        "argoproj.io, rollouts,     Rollout"
    })
    void aCreatedWorkloadGetsTheSidecarInItsTemplate(String group, String plural, String kind) {
        ObjectNode object = workload(group, kind);
        ObjectNode before = object.deepCopy();

        Patched answer = (Patched) create(group, plural, object);

        ObjectNode patched = (ObjectNode) Patch.apply(answer.patch(), object);
        ObjectNode template = template(patched);
        assertThat(sidecar(template)).isEqualTo("example.org/collector:1");
        assertThat(answer.reason()).isEqualTo("Injected");
        assertThat(answer.warnings()).containsExactly("sidecar policy shop/logs adds collector");
        assertThat(object).isEqualTo(before);
        assertThat(kind(patched).withTemplate(patched, Engine.strip(template).template()))
                .as("only the template changes")
                .isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "UPDATE, batch,       '',     batch, Job",
        "UPDATE, apps,        status, apps,  Deployment",
        "DELETE, apps,        '',     apps,  Deployment",
        "CREATE, example.org, '',     apps,  Deployment",
        "CREATE, '',          '',     '',    ReplicationController",
        "CREATE, '',          '',     '',    Pod",
        "CREATE, apps,        '',     apps,  ControllerRevision"
    })
    void whatIsNoTemplateThatCanBeDecidedAboutIsLeftAlone(
            String operation, String resource, String subresource, String group, String kind) {
        ObjectNode object = workload(group, kind);
        if (group.isEmpty()) {
            object.put("apiVersion", "v1");
        }

        assertThat(handle(new AdmissionRequest(
                        "u",
                        operation,
                        "shop",
                        "jane",
                        new AdmissionRequest.Resource(resource, "workloads", subresource),
                        object,
                        Optional.of(object))))
                .isEqualTo(new Allowed("NotAWorkload", List.of()));
    }

    @Test
    void theOperatorsOwnWritesPass() {
        ObjectNode object = workload("apps", "Deployment");

        assertThat(handle(new AdmissionRequest(
                        "u",
                        "UPDATE",
                        "shop",
                        OPERATOR,
                        new AdmissionRequest.Resource("apps", "deployments", ""),
                        object,
                        Optional.of(object))))
                .isEqualTo(new Allowed("OwnWrite", List.of()));
    }

    @Test
    void aWorkloadThatIsBeingDeletedAndOneWithoutTemplateAreLeftAlone() {
        ObjectNode terminating = workload("apps", "Deployment");
        terminating.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        ObjectNode empty = workload("apps", "Deployment");
        empty.withObject("/spec").remove("template");

        assertThat(update(terminating, terminating)).isEqualTo(new Allowed("BeingDeleted", List.of()));
        assertThat(create("apps", "deployments", empty)).isEqualTo(new Allowed("NoTemplate", List.of()));
        assertThat(update(empty, workload("apps", "Deployment"))).isEqualTo(new Allowed("NoTemplate", List.of()));
    }

    @Test
    void aCopyOfAnOwnersTemplateIsLeftToTheOwner() {
        assertThat(create("apps", "replicasets", owned("apps", "ReplicaSet", "apps/v1", "Deployment")))
                .isEqualTo(new Allowed("OwnerDecides", List.of()));
        assertThat(create("apps", "replicasets", owned("apps", "ReplicaSet", "example.org/v1", "Canary")))
                .isEqualTo(new Allowed("OwnerDecides", List.of()));
        assertThat(create("apps", "statefulsets", owned("apps", "StatefulSet", "argoproj.io/v1alpha1", "Rollout")))
                .isEqualTo(new Allowed("OwnerDecides", List.of()));
        assertThat(create("apps", "statefulsets", owned("apps", "StatefulSet", "example.org/v1", "Database")))
                .as("the owner's template is not reconciled")
                .isInstanceOf(Patched.class);
    }

    @Test
    void aJobOfACronJobThatWaitsIsMarkedSoThatItsPodsWaitToo() {
        ObjectNode job = owned("batch", "Job", "batch/v1", "CronJob");

        Patched answer = (Patched) create("batch", "jobs", job);

        ObjectNode marked = (ObjectNode) Patch.apply(answer.patch(), job);
        assertThat(Engine.receiptOf(template(marked))).contains(Receipt.EMPTY);
        assertThat(sidecar(template(marked))).isNull();
        assertThat(answer.warnings()).isEmpty();
        assertThat(create("batch", "jobs", marked)).isEqualTo(new Allowed("OwnerDecides", List.of()));
    }

    @Test
    void aJobOfAnInjectedCronJobIsWhatItsTemplateSays() {
        ObjectNode job = owned("batch", "Job", "batch/v1", "CronJob");
        ObjectNode injected = kind(job).withTemplate(job, template(created(workload("batch", "Job"))));

        assertThat(create("batch", "jobs", injected)).isEqualTo(new Allowed("OwnerDecides", List.of()));
    }

    @Test
    void aJobOfAnOwnerThatNobodyLooksAfterGetsTheSidecar() {
        assertThat(create("batch", "jobs", owned("batch", "Job", "jobset.x-k8s.io/v1alpha2", "JobSet")))
                .isInstanceOf(Patched.class);
    }

    @Test
    void aChangeThatIsNoneOfThePodsGetsTheOldTemplateWhateverThePolicySays() {
        ObjectNode stored = created(workload("apps", "Deployment"));
        ObjectNode scaled = stored.deepCopy();
        scaled.withObject("/spec").put("replicas", 7);
        index = PolicyIndex.of(List.of(policy(2, ON_NEXT)));

        assertThat(update(scaled, stored)).isEqualTo(new Allowed("Unchanged", List.of()));
        index = PolicyIndex.EMPTY;
        assertThat(update(scaled, stored)).isEqualTo(new Allowed("Unchanged", List.of()));
    }

    @Test
    void aReplacedManifestGetsItsSidecarBackWithoutARollout() {
        ObjectNode stored = created(workload("apps", "Deployment"));

        Patched answer = (Patched) update(workload("apps", "Deployment"), stored);

        assertThat(Patch.apply(answer.patch(), workload("apps", "Deployment"))).isEqualTo(stored);
        assertThat(answer.warnings()).containsExactly("sidecar policy shop/logs puts back collector");
    }

    @Test
    void anEditOfTheSidecarIsPutBackAndTold() {
        ObjectNode stored = created(workload("apps", "Deployment"));
        ObjectNode edited = stored.deepCopy();
        Json.named(template(edited).path("spec"), "initContainers", "collector")
                .orElseThrow()
                .put("image", "example.org/mine:1");

        Patched answer = (Patched) update(edited, stored);

        assertThat(Patch.apply(answer.patch(), edited)).isEqualTo(stored);
        assertThat(answer.warnings()).containsExactly("sidecar policy shop/logs puts back collector");
    }

    @Test
    void theUsersOwnRolloutTakesTheNewestRevisionAlong() {
        ObjectNode stored = created(workload("apps", "Deployment"));
        index = PolicyIndex.of(List.of(policy(2, ON_NEXT)));

        Patched answer = (Patched) update(withImage(stored, "example.org/app:2"), stored);

        ObjectNode patched = (ObjectNode) Patch.apply(answer.patch(), withImage(stored, "example.org/app:2"));
        assertThat(sidecar(template(patched))).isEqualTo("example.org/collector:2");
        assertThat(answer.warnings()).containsExactly("sidecar policy shop/logs adds collector");
    }

    @Test
    void aChangeThatBringsNothingNewFromThePolicyIsNotCommented() {
        ObjectNode stored = created(workload("apps", "Deployment"));

        assertThat(update(withImage(stored, "example.org/app:2"), stored))
                .isEqualTo(new Allowed("Injected", List.of()));
    }

    /** What a policy at revision 2 gives to a workload that has revision 1, and to a new workload. */
    @ParameterizedTest(name = "{0}: a change gets {3}, a creation {4}")
    @CsvSource({
        "OnNextRollout,         OnNext,   ,        , 2, 2",
        "proven,                Enforce,  2,       , 2, 2",
        "not proven yet,        Enforce,  1,       , 1, 2",
        "paused,                Paused,   2,       , 1, 2",
        "paused before proven,  Paused,   ,        , 1, 0",
        "failed,                OnNext,   1,      2, 1, 1",
        "failed at first,       OnNext,   ,       2, 1, 0",
        "looking on,            Audit,    ,        , 1, 0"
    })
    void aUsersChangeNeverBringsWhatTheRolloutHoldsBack(
            String state, String spec, String proven, String failed, int onChange, int onCreate) {
        CompiledPolicy first = policy(1, ON_NEXT);
        index = PolicyIndex.of(List.of(first));
        ObjectNode stored = created(workload("apps", "Deployment"));
        CompiledPolicy second = policy(
                2,
                switch (spec) {
                    case "OnNext" -> ON_NEXT;
                    case "Paused" -> PAUSED;
                    case "Audit" -> "\"mode\":\"Audit\"";
                    default -> "\"mode\":\"Enforce\"";
                });
        index = PolicyIndex.of(
                        List.of(second.withProgress(revision(proven, first, second), revision(failed, first, second))))
                .withKept(Map.of(first.key(), Map.of(first.revision(), first)));

        ObjectNode changed = withImage(stored, "example.org/app:2");
        ObjectNode afterwards = after(update(changed, stored), changed);
        AdmissionResponse creation = create("apps", "deployments", workload("apps", "Deployment"));

        assertThat(sidecar(template(afterwards))).isEqualTo("example.org/collector:" + onChange);
        assertThat(sidecar(template(after(creation, workload("apps", "Deployment")))))
                .isEqualTo(onCreate == 0 ? null : "example.org/collector:" + onCreate);
        assertThat(creation.warnings()).isNotEmpty();
    }

    @Test
    void whatIsHeldBackIsToldWithItsReason() {
        CompiledPolicy first = policy(1, ON_NEXT);
        ObjectNode stored = created(workload("apps", "Deployment"));
        index = PolicyIndex.of(List.of(policy(2, PAUSED)));

        assertThat(create("apps", "deployments", workload("apps", "Deployment")))
                .isEqualTo(new Allowed(
                        "Paused",
                        List.of("sidecar policy shop/logs is not injected: Paused", "the policy's rollout is paused")));
        assertThat(update(withImage(stored, "example.org/app:2"), stored).warnings())
                .containsExactly(
                        "sidecar policy shop/logs stays at revision " + first.revision() + ": Paused",
                        "the policy's rollout is paused");

        index = PolicyIndex.of(List.of(policy(2, "\"mode\":\"Audit\"")));
        assertThat(create("apps", "deployments", workload("apps", "Deployment")))
                .isEqualTo(
                        new Allowed("Audited", List.of("sidecar policy shop/logs (mode: Audit) would add collector")));
    }

    @Test
    void aPolicyForPodsLeavesOnlyItsRevisionOnTheTemplate() {
        index = PolicyIndex.of(List.of(policy(1, "\"injection\":\"Pod\"")));

        Patched answer = (Patched) create("apps", "deployments", workload("apps", "Deployment"));

        ObjectNode template = template((ObjectNode) Patch.apply(answer.patch(), workload("apps", "Deployment")));
        assertThat(template.path("spec"))
                .isEqualTo(template(workload("apps", "Deployment")).path("spec"));
        assertThat(Engine.receiptOf(template).orElseThrow().leavesToPods()).isTrue();
        assertThat(template.at("/metadata/annotations").path(Receipt.ANNOTATION).textValue())
                .as("this tells the API server that the pods need a call")
                .contains("\"injection\":\"Pod\"");
        assertThat(answer.warnings())
                .containsExactly("sidecar policy shop/logs adds its parts to each pod when it is created");
    }

    @Test
    void whatAPolicyLeftToTheUserLeavesTheReceiptWithTheNextChange() {
        ObjectNode stored = orphaned(created(workload("apps", "Deployment")));
        index = PolicyIndex.EMPTY;

        assertThat(update(withReplicas(stored, 7), stored)).isEqualTo(new Allowed("Unchanged", List.of()));

        ObjectNode changed = withImage(stored, "example.org/app:2");
        ObjectNode afterwards = after(update(changed, stored), changed);
        assertThat(sidecar(template(afterwards))).isEqualTo("example.org/collector:1");
        assertThat(Engine.hasReceipt(template(afterwards))).isFalse();
        assertThat(afterwards.at("/metadata/annotations").isMissingNode()).isTrue();
    }

    @Test
    void theNameOfAnOrphanedPolicyStaysAsLongAsTheReceiptHasItsEntry() {
        ObjectNode stored = orphaned(created(workload("apps", "Deployment")));
        ObjectNode dropped = stored.deepCopy();
        dropped.withObject("/metadata").remove("annotations");
        index = PolicyIndex.EMPTY;

        assertThat(after(update(dropped, stored), dropped)).isEqualTo(stored);
    }

    @Test
    void aCopiedManifestWithAnOrphansNameKeepsTheParts() {
        ObjectNode copied = orphaned(created(workload("apps", "Deployment")));
        index = PolicyIndex.EMPTY;

        ObjectNode afterwards = after(create("apps", "deployments", copied), copied);

        assertThat(sidecar(template(afterwards))).isEqualTo("example.org/collector:1");
        assertThat(Engine.hasReceipt(template(afterwards))).isFalse();
        assertThat(afterwards.at("/metadata/annotations").isMissingNode()).isTrue();
    }

    @Test
    void namespacesThatAreNeverTouchedStayAsTheyAre() {
        ObjectNode object = workload("apps", "Deployment");
        index = PolicyIndex.of(List.of(policy("ops", 1, ON_NEXT)));

        assertThat(handle(new AdmissionRequest(
                        "u",
                        "CREATE",
                        "ops",
                        "jane",
                        new AdmissionRequest.Resource("apps", "deployments", ""),
                        object,
                        Optional.empty())))
                .isEqualTo(new Allowed("SystemNamespace", List.of()));
    }

    private AdmissionResponse create(String group, String plural, ObjectNode object) {
        return handle(new AdmissionRequest(
                "u",
                "CREATE",
                "shop",
                "jane",
                new AdmissionRequest.Resource(group, plural, ""),
                object,
                Optional.empty()));
    }

    private AdmissionResponse update(ObjectNode object, ObjectNode old) {
        return handle(new AdmissionRequest(
                "u",
                "UPDATE",
                "shop",
                "jane",
                new AdmissionRequest.Resource("apps", "deployments", ""),
                object,
                Optional.of(old)));
    }

    private AdmissionResponse handle(AdmissionRequest request) {
        ClusterView cluster = new ClusterView(
                () -> index,
                name -> new Input.InNamespace(Map.of(), name.equals("ops"), List.of()),
                new KubernetesVersion(1, 36));
        return new WorkloadAdmission(cluster, KINDS, OPERATOR).handle(request);
    }

    /** The workload as it is stored after its creation. */
    private ObjectNode created(ObjectNode object) {
        String group = WorkloadKind.groupOf(object.path("apiVersion").textValue());
        return after(create(group, "workloads", object), object);
    }

    private static ObjectNode after(AdmissionResponse answer, ObjectNode object) {
        return answer instanceof Patched patched ? (ObjectNode) Patch.apply(patched.patch(), object) : object;
    }

    private static WorkloadKind kind(ObjectNode object) {
        return KINDS.of(object).orElseThrow();
    }

    private static ObjectNode template(ObjectNode object) {
        return kind(object).templateOf(object).orElseThrow();
    }

    private static @Nullable String sidecar(JsonNode template) {
        return template.at("/spec/initContainers/0/image").textValue();
    }

    private static ObjectNode withImage(ObjectNode object, String image) {
        ObjectNode copy = object.deepCopy();
        Json.named(template(copy).path("spec"), "containers", "app")
                .orElseThrow()
                .put("image", image);
        return copy;
    }

    private static ObjectNode withReplicas(ObjectNode object, int replicas) {
        ObjectNode copy = object.deepCopy();
        copy.withObject("/spec").put("replicas", replicas);
        return copy;
    }

    private static ObjectNode orphaned(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.withObject("/metadata/annotations").put("sidecar-operator.io/orphaned", "shop/logs");
        return copy;
    }

    private static ObjectNode owned(String group, String kind, String ownerVersion, String ownerKind) {
        ObjectNode object = workload(group, kind);
        object.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", ownerVersion)
                .put("kind", ownerKind)
                .put("name", "owner")
                .put("controller", true);
        return object;
    }

    private static ObjectNode workload(String group, String kind) {
        ObjectNode object = (ObjectNode) Json.parse("{\"apiVersion\":\"" + group + "/v1\",\"kind\":\"" + kind
                + "\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":1}}");
        JsonNode template = Json.parse("{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{"
                + "\"name\":\"app\",\"image\":\"example.org/app:1\",\"args\":[]}]}}");
        boolean nested = kind.equals("CronJob");
        object.withObject(nested ? "/spec/jobTemplate/spec" : "/spec").set("template", template);
        return object;
    }

    private static Optional<String> revision(@Nullable String number, CompiledPolicy first, CompiledPolicy second) {
        return Optional.ofNullable(number).map(text -> text.equals("1") ? first.revision() : second.revision());
    }

    private static CompiledPolicy policy(int revision, String more) {
        return policy("shop", revision, more);
    }

    private static CompiledPolicy policy(String namespace, int revision, String more) {
        return PolicyCompiler.compile((ObjectNode)
                Json.parse("{\"apiVersion\":\"sidecar-operator.io/v1alpha1\",\"kind\":\"SidecarPolicy\",\"metadata\":"
                        + "{\"name\":\"logs\",\"namespace\":\"" + namespace + "\"},\"spec\":{\"selector\":"
                        + "{\"matchLabels\":{\"app\":\"web\"}},\"sidecars\":[{\"name\":\"collector\",\"image\":"
                        + "\"example.org/collector:" + revision + "\"}]," + more + "}}"));
    }
}

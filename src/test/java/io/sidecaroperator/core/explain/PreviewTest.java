package io.sidecaroperator.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewTest {
    private static final ObjectNode WEB = deployment("""
            {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": "web:1"}]}""");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            | now
            "mode": "Audit", | Audited
            "rollout": {"paused": true}, | Paused
            "rollout": {"strategy": "OnNextRollout"}, | AwaitsOwner
            "mode": "Audit", "rollout": {"paused": true}, | Audited
            """)
    void whatAPolicyHoldsBackIsShownWithWhatHoldsIt(String spec, String held) {
        String more = spec == null ? "" : spec;
        WorkloadPreview preview = of(WEB, policy("logs", "1", more));

        assertThat(lines(preview)).containsExactly("shop/logs Inject" + (held.equals("now") ? "" : " " + held));
        assertThat(preview.now()).isEqualTo(held.equals("now"));
        assertThat(preview.pods()).isEqualTo(3);
        assertThat(preview.before()).isEqualTo(template(WEB));
        assertThat(preview.after()).isEqualTo(injected(WEB, policy("logs", "1", "")));
    }

    @Test
    void anotherRevisionIsAnUpdate() {
        ObjectNode carrying = carrying(policy("logs", "1", ""));

        WorkloadPreview preview = of(carrying, policy("logs", "2", "\"mode\": \"Audit\", "));

        assertThat(lines(preview)).containsExactly("shop/logs Update Audited");
        assertThat(Json.text(preview.after())).contains("logs:2").doesNotContain("logs:1");
        assertThat(of(carrying, policy("logs", "1", "")).differs()).isFalse();
        assertThat(of(carrying, policy("logs", "1", "\"mode\": \"Audit\", ")).differs())
                .isFalse();
    }

    @Test
    void whoIsNoLongerSelectedGetsRidOfItWhenThePolicyIsEnforced() {
        ObjectNode carrying = carrying(policy("logs", "1", ""));
        carrying.withObject("/spec/template/metadata/labels").put("app", "other");

        WorkloadPreview audited = of(carrying, policy("logs", "1", "\"mode\": \"Audit\", "));
        assertThat(lines(audited)).containsExactly("shop/logs Remove Audited");
        assertThat(audited.now()).isFalse();
        WorkloadPreview paused = of(carrying, policy("logs", "1", "\"rollout\": {\"paused\": true}, "));
        assertThat(lines(paused)).as("a pause does not delay a removal").containsExactly("shop/logs Remove");
        assertThat(paused.now()).isTrue();
    }

    @Test
    void whatSomebodyChangedIsRepairedAndOnlyThatPolicyIsNamed() {
        ObjectNode logs = policy("logs", "1", "");
        ObjectNode proxy = policy("proxy", "1", "");
        ObjectNode carrying = carrying(logs, proxy);
        Json.named(template(carrying).path("spec"), "initContainers", "logs")
                .orElseThrow()
                .put("image", "mine:7");

        assertThat(lines(of(carrying, logs, proxy))).containsExactly("shop/logs Repair");
        assertThat(lines(of(carrying, policy("logs", "1", "\"mode\": \"Audit\", "), proxy)))
                .containsExactly("shop/logs Repair Audited");
        assertThat(lines(of(carrying, policy("logs", "1", "\"rollout\": {\"paused\": true}, "), proxy)))
                .as("a paused policy's revision is put back")
                .containsExactly("shop/logs Repair");
    }

    @Test
    void whatTheServerAddsByItselfIsNothingToRepair() {
        ObjectNode logs = policy("logs", "1", "");
        ObjectNode carrying = carrying(logs);
        Json.named(template(carrying).path("spec"), "initContainers", "logs")
                .orElseThrow()
                .put("terminationMessagePolicy", "File");

        assertThat(of(carrying, logs).differs()).isFalse();
        assertThat(lines(of(carrying, logs, policy("proxy", "1", "\"mode\": \"Audit\", "))))
                .containsExactly("shop/proxy Inject Audited");
    }

    @Test
    void whatGoesOutNowAndWhatWaitsAreToldApart() {
        WorkloadPreview preview = of(
                WEB,
                policy("audited", "1", "\"mode\": \"Audit\", "),
                policy("enforced", "1", ""),
                policy("paused", "1", "\"rollout\": {\"paused\": true}, "));

        assertThat(lines(preview))
                .containsExactly("shop/audited Inject Audited", "shop/enforced Inject", "shop/paused Inject Paused");
        assertThat(preview.now()).isTrue();
        assertThat(preview.isPendingFor(Reason.Audited)).isTrue();
        assertThat(preview.isPendingFor(Reason.AwaitsOwner)).isFalse();
    }

    @Test
    void aFailedRevisionGoesToNobodyAndIsSaid() {
        ObjectNode failed = policy("logs", "1", "");
        String revision = PolicyCompiler.compile(failed).revision();
        failed.putObject("status").put("failedRevision", revision);

        WorkloadPreview preview = of(WEB, failed);

        assertThat(preview.differs()).isFalse();
        assertThat(preview.verdicts())
                .singleElement()
                .matches(verdict ->
                        verdict.outcome() == PreviewVerdict.Outcome.HELD && verdict.reason() == Reason.RevisionFailed);
    }

    @Test
    void whatIsRefusedOrSkippedIsSaidAndChangesNothing() {
        ObjectNode taken = deployment("""
                {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "logs", "image": "web:1"}]}""");
        ObjectNode optedOut = deployment("""
                {"labels": {"app": "web", "sidecar-operator.io/inject": "false"}},
                "spec": {"containers": [{"name": "app", "image": "web:1"}]}""");

        assertThat(verdicts(of(taken, policy("logs", "1", "\"mode\": \"Audit\", "))))
                .containsExactly("REFUSED ContainerNameTaken");
        assertThat(verdicts(of(optedOut, policy("logs", "1", "")))).containsExactly("SKIPPED OptedOut");
        assertThat(of(taken, policy("logs", "1", "")).differs()).isFalse();
    }

    @Test
    void aPolicyThatIsBeingDeletedTakesItsPartsAlongOrLeavesThem() {
        ObjectNode carrying = carrying(policy("logs", "1", ""));

        assertThat(lines(of(carrying, deleting(policy("logs", "1", ""))))).containsExactly("shop/logs Remove");
        assertThat(of(carrying, deleting(policy("logs", "1", "\"deletion\": \"Orphan\", ")))
                        .differs())
                .isFalse();
        assertThat(of(carrying).differs()).as("a policy that is unknown").isFalse();
        assertThat(of(carrying).verdicts()).isEmpty();
    }

    @Test
    void whatAnOwnerRollsOutRestartsNothing() {
        ObjectNode paused = WEB.deepCopy();
        paused.withObject("/spec").put("paused", true);

        WorkloadPreview preview = of(paused, policy("logs", "1", ""));

        assertThat(preview.deferred()).isTrue();
        assertThat(preview.pods()).isZero();
        assertThat(preview.differs()).isTrue();
    }

    @Test
    void whatTheReconcilerLeavesAloneIsNotShown() {
        ObjectNode going = WEB.deepCopy();
        going.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        ObjectNode owned = WEB.deepCopy();
        owned.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "StatefulSet")
                .put("controller", true);
        ObjectNode operated = WEB.deepCopy();
        operated.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "example.com/v1")
                .put("kind", "Database")
                .put("controller", true);

        assertThat(preview(going, policy("logs", "1", ""))).isEmpty();
        assertThat(preview(owned, policy("logs", "1", ""))).isEmpty();
        assertThat(preview(operated, policy("logs", "1", ""))).isPresent();
    }

    @Test
    void nothingGivenIsChanged() {
        ObjectNode policy = policy("logs", "1", "\"mode\": \"Audit\", ");
        String workloadBefore = Json.text(WEB);
        String policyBefore = Json.text(policy);
        of(WEB, policy);
        assertThat(Json.text(WEB)).isEqualTo(workloadBefore);
        assertThat(Json.text(policy)).isEqualTo(policyBefore);
    }

    private static WorkloadPreview of(ObjectNode workload, ObjectNode... policies) {
        return preview(workload, policies).orElseThrow();
    }

    private static Optional<WorkloadPreview> preview(ObjectNode workload, ObjectNode... policies) {
        return new Preview(PolicySet.of(List.of(policies)), KubernetesVersion.NEWEST, WorkloadKinds.BUILT_IN)
                .of(WorkloadKind.DEPLOYMENT, workload, Input.InNamespace.PLAIN);
    }

    private static List<String> lines(WorkloadPreview preview) {
        return preview.changes().stream()
                .map(change -> change.policy().orElseThrow() + " " + change.kind()
                        + change.pendingFor().map(reason -> " " + reason).orElse(""))
                .toList();
    }

    private static List<String> verdicts(WorkloadPreview preview) {
        return preview.verdicts().stream()
                .map(verdict -> verdict.outcome() + " " + verdict.reason())
                .toList();
    }

    private static ObjectNode template(ObjectNode workload) {
        return WorkloadKind.DEPLOYMENT.templateOf(workload).orElseThrow();
    }

    private static ObjectNode injected(ObjectNode workload, ObjectNode... policies) {
        List<io.sidecaroperator.core.policy.CompiledPolicy> compiled = new ArrayList<>();
        for (ObjectNode policy : policies) {
            compiled.add(PolicyCompiler.compile(policy));
        }
        Input input = Input.ofTemplate(
                WorkloadKind.DEPLOYMENT.refOf(workload, ""),
                Input.InNamespace.PLAIN,
                template(workload),
                KubernetesVersion.NEWEST,
                Trigger.Resync.FREELY);
        return Engine.CURRENT.inject(input, PolicyIndex.of(compiled)).template();
    }

    private static ObjectNode carrying(ObjectNode... policies) {
        return WorkloadKind.DEPLOYMENT.withTemplate(WEB, injected(WEB, policies));
    }

    private static ObjectNode deployment(String template) {
        return (ObjectNode) Json.parse("""
                {"apiVersion": "apps/v1", "kind": "Deployment",
                 "metadata": {"name": "web", "namespace": "shop", "generation": 1},
                 "spec": {"replicas": 3, "template": {"metadata": %s}}}""".formatted(template));
    }

    private static ObjectNode policy(String name, String tag, String more) {
        return (ObjectNode) Json.parse("""
                {"apiVersion": "sidecar-operator.io/v1alpha1", "kind": "SidecarPolicy",
                 "metadata": {"name": "%1$s", "namespace": "shop"},
                 "spec": {%3$s"selector": {"matchLabels": {"app": "web"}},
                          "sidecars": [{"name": "%1$s", "image": "%1$s:%2$s"}]}}""".formatted(name, tag, more));
    }

    private static ObjectNode deleting(ObjectNode policy) {
        policy.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        return policy;
    }
}

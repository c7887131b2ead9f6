package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server stores when workloads are created and changed, with the real process behind its webhook. */
class WorkloadAdmissionIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final String POD = "{containers: [{name: app, image: example.org/app:1}]}";

    @SuppressWarnings("NullAway.Init")
    private static Installation installation;

    private static @Nullable OperatorRun operator;

    private final Keyboard user = Keyboard.inNewNamespace(CLUSTER, "workloads");

    @BeforeAll
    static void startOperator() throws IOException {
        installation = Installation.install(CLUSTER);
        operator = OperatorRun.start(installation, "--workload-kind", "example.org/v1/Canary=/spec/template")
                .ready();
    }

    @AfterAll
    static void stopOperator() {
        if (operator != null) {
            operator.close();
        }
        CLUSTER.kubectl("", "delete", "mutatingwebhookconfiguration", "sidecar-operator", "--ignore-not-found")
                .ok();
        CLUSTER.kubectl("", "delete", "crd", "canaries.example.org", "--ignore-not-found")
                .ok();
    }

    @ParameterizedTest
    @CsvSource({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
    void aCreatedWorkloadHasItsSidecarFromTheFirstMomentAndTheUserIsTold(String kind) {
        user.setsPolicy(Keyboard.policy(1, ""));

        Program.Result created = user.pipes(workload(kind), "create", "-o", "json", "-f", "-");

        assertThat(Keyboard.sidecar(Json.parse(created.out()).at("/spec/template")))
                .isEqualTo("1");
        assertThat(created.err()).contains("Warning: sidecar policy " + user.namespace() + "/agent adds agent");
    }

    @Test
    void theTemplatesOfCronJobsAndJobsHaveItToo() {
        user.setsPolicy(Keyboard.policy(1, ""));

        JsonNode cronJob = created(cronJob());
        JsonNode job = created(job("alone", ""));

        assertThat(Keyboard.sidecar(cronJob.at("/spec/jobTemplate/spec/template")))
                .isEqualTo("1");
        assertThat(Keyboard.sidecar(job.at("/spec/template"))).isEqualTo("1");
        await().atMost(SOON).until(() -> pods("job-name=alone"), pods -> pods.size() == 1);
        assertThat(Keyboard.sidecar(pods("job-name=alone").get(0))).isEqualTo("1");
    }

    @Test
    void aJobOfACronJobThatWaitsWaitsToo() {
        user.setsPolicy(Keyboard.policy(1, "rollout: {paused: true}"));
        JsonNode cronJob = created(cronJob());
        assertThat(Keyboard.sidecar(cronJob.at("/spec/jobTemplate/spec/template")))
                .isEqualTo("-");

        JsonNode job = created(job(
                "nightly-1",
                "ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: nightly, controller: true, uid: "
                        + cronJob.at("/metadata/uid").asText() + "}]"));

        assertThat(Keyboard.annotation(job.at("/spec/template"), Receipt.ANNOTATION))
                .isEqualTo("{}");
        user.setsPolicy(Keyboard.policy(1, "rollout: {paused: false}"));
        JsonNode pod = await().atMost(SOON)
                .until(() -> pods("job-name=nightly-1"), pods -> pods.size() == 1)
                .get(0);
        assertThat(Keyboard.sidecar(pod)).isEqualTo("-");
    }

    @Test
    void aKindThatTheOperatorWasToldOfIsAdmittedWheneverItIsInstalled() {
        user.setsPolicy(Keyboard.policy(1, ""));
        CLUSTER.kubectl("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: canaries.example.org}
                spec:
                  group: example.org
                  scope: Namespaced
                  names: {kind: Canary, plural: canaries, singular: canary}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """, "apply", "-f", "-").ok();
        CLUSTER.kubectl("", "wait", "--for=condition=Established", "--timeout=240s", "crd/canaries.example.org")
                .ok();

        JsonNode canary = created(workload("Canary").replace("apps/v1", "example.org/v1"));

        assertThat(Keyboard.sidecar(canary.at("/spec/template"))).isEqualTo("1");
    }

    @Test
    void anUnchangedApplyMakesNoReplicaSetAndAReplacedFileGetsItsSidecarBackWithAWord() {
        user.setsPolicy(Keyboard.policy(1, ""));
        user.applies(WebManifest.FIRST.text());

        assertThat(user.applies(WebManifest.FIRST.text()).err()).isEmpty();
        Program.Result replaced = user.pipes(WebManifest.FIRST.text(), "replace", "-f", "-");

        assertThat(replaced.err())
                .contains("Warning: sidecar policy " + user.namespace() + "/agent puts back agent, agent-data");
        assertThat(user.countsReplicaSets()).isEqualTo(1);
        assertThat(sidecar()).isEqualTo("1");
    }

    @Test
    void aPausedPolicyNeitherComesNorGoesByAUsersChange() {
        user.setsPolicy(Keyboard.policy(1, ""));
        user.applies(WebManifest.FIRST.text());
        awaitProven();
        user.setsPolicy(Keyboard.policy(2, "rollout: {paused: true}"));

        user.types("scale", "deployment/web", "--replicas=2");
        user.types("annotate", "deployment/web", "a=1");
        assertThat(user.countsReplicaSets()).isEqualTo(1);
        Program.Result changed =
                user.applies(WebManifest.FIRST.withImage("app:2").text());
        assertThat(sidecar()).isEqualTo("1");
        assertThat(changed.err()).contains("stays at revision").contains("Paused");
        assertThat(user.countsReplicaSets()).isEqualTo(2);

        Program.Result other = user.pipes(workload("StatefulSet"), "create", "-f", "-");
        // The first revision has come to run, so new workloads get it.
        assertThat(other.err()).contains("comes with revision").contains("Paused");
        assertThat(Keyboard.sidecar(user.sees("statefulset", "other").at("/spec/template")))
                .isEqualTo("1");

        // The revision is proven: new workloads then get it although the policy is paused.
        setsStatus("provenRevision", revision());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(triedOnANewWorkload()).isEqualTo("2"));
        user.applies(WebManifest.FIRST.withImage("app:3").text());
        assertThat(sidecar()).isEqualTo("1");
    }

    @Test
    void aFailedRevisionComesNowhereByAUsersChange() {
        user.setsPolicy(Keyboard.policy(1, ""));
        user.applies(WebManifest.FIRST.text());
        awaitProven();
        user.setsPolicy(Keyboard.policy(2, "rollout: {paused: true}"));
        setsStatus("failedRevision", revision());
        user.setsPolicy(Keyboard.policy(2, ""));

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(user.pipes(workload("StatefulSet"), "create", "--dry-run=server", "-f", "-")
                                        .err())
                                .contains("comes with revision")
                                .contains("RevisionFailed"));
        Program.Result changed =
                user.applies(WebManifest.FIRST.withImage("app:2").text());

        assertThat(changed.err()).contains("RevisionFailed");
        assertThat(sidecar()).isEqualTo("1");
        assertThat(user.countsReplicaSets()).isEqualTo(2);
    }

    @Test
    void anAuditChangesNothingAndIsTold() {
        user.setsPolicy(Keyboard.policy(1, "mode: Audit"));

        Program.Result created = user.applies(WebManifest.FIRST.text());

        assertThat(created.err())
                .contains("Warning: sidecar policy " + user.namespace() + "/agent (mode: Audit) would add agent");
        assertThat(Engine.hasReceipt((ObjectNode) user.seesDeployment().at("/spec/template")))
                .isFalse();
    }

    @Test
    void aDryRunShowsWhatWouldBeStoredAndHasNoSideEffect() {
        user.setsPolicy(Keyboard.policy(1, ""));
        Audit audit = Audit.fromNow(CLUSTER, installation.user());

        JsonNode shown =
                Json.parse(user.pipes(WebManifest.FIRST.text(), "apply", "--dry-run=server", "-o", "json", "-f", "-")
                        .out());

        assertThat(Keyboard.sidecar(shown.at("/spec/template"))).isEqualTo("1");
        assertThat(user.types("get", "deployments,replicasets,pods", "-o", "name")
                        .out())
                .isEmpty();
        assertThat(audit.in(user.namespace(), "patch", "deployments")).isEmpty();
        user.applies(WebManifest.FIRST.text());
        assertThat(user.seesDeployment().at("/spec/template")).isEqualTo(shown.at("/spec/template"));
    }

    @Test
    void aPolicyForPodsIsOnEveryPodAndNeverOnTheTemplate() {
        user.setsPolicy(Keyboard.policy(1, ""));
        user.applies("""
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: proxy}
                spec:
                  selector: {matchLabels: {agent: "on"}}
                  injection: Pod
                  sidecars:
                  - {name: proxy, image: example.org/proxy:1}
                """);
        await().atMost(SOON)
                .until(() -> user.sees("sidecarpolicy", "proxy")
                                .at("/status/observedGeneration")
                                .asInt()
                        == 1);

        Program.Result created = user.applies(WebManifest.FIRST.text());
        user.types("scale", "deployment/web", "--replicas=2");

        assertThat(created.err()).contains("/proxy adds its parts to each pod when it is created");
        List<JsonNode> pods = await().atMost(SOON).until(() -> pods("app=web"), found -> found.size() == 2);
        assertThat(pods).allSatisfy(pod -> assertThat(initContainers(pod)).containsExactlyInAnyOrder("agent", "proxy"));
        assertThat(initContainers(user.seesDeployment().at("/spec/template"))).containsExactly("agent");
        assertThat(user.countsReplicaSets()).isEqualTo(1);
    }

    @Test
    void theOperatorsOwnWritesAndChangesOfMetadataAreNotAskedAbout() throws Exception {
        user.applies(WebManifest.FIRST.text());
        user.setsPolicy(Keyboard.policy(1, ""));
        await().atMost(SOON).until(() -> sidecar().equals("1"));
        double before = answers("Unchanged");

        user.types("annotate", "deployment/web", "a=1");
        user.types("label", "deployment/web", "a=1");
        assertThat(answers("Unchanged")).isEqualTo(before);
        user.types("patch", "deployment/web", "--type=merge", "-p", "{\"spec\":{\"replicas\":3}}");
        assertThat(answers("Unchanged")).isEqualTo(before + 1);
        assertThat(answers("OwnWrite")).isZero();
        assertThat(sidecar()).isEqualTo("1");
    }

    /** Returns how often admission has responded with this reason. */
    private static double answers(String reason) throws Exception {
        return Objects.requireNonNull(operator)
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("sidecar_operator_admission_requests_total{")
                        && line.contains("reason=\"" + reason + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String workload(String kind) {
        return """
                apiVersion: apps/v1
                kind: %s
                metadata: {name: other}
                spec:
                  selector: {matchLabels: {app: other}}
                  template:
                    metadata: {labels: {app: other, agent: "on"}}
                    spec: %s
                """.formatted(kind, POD);
    }

    private static String cronJob() {
        return """
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly}
                spec:
                  schedule: "0 0 1 1 *"
                  jobTemplate:
                    spec:
                      template:
                        metadata: {labels: {agent: "on"}}
                        spec: {restartPolicy: Never, containers: [{name: app, image: example.org/app:1}]}
                """;
    }

    private static String job(String name, String metadata) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: %s
                  %s
                spec:
                  template:
                    metadata: {labels: {agent: "on"}}
                    spec: {restartPolicy: Never, containers: [{name: app, image: example.org/app:1}]}
                """.formatted(name, metadata);
    }

    private JsonNode created(String manifest) {
        return Json.parse(
                user.pipes(manifest, "create", "-o", "json", "-f", "-").out());
    }

    private String triedOnANewWorkload() {
        return Keyboard.sidecar(
                Json.parse(user.pipes(workload("DaemonSet"), "create", "--dry-run=server", "-o", "json", "-f", "-")
                                .out())
                        .at("/spec/template"));
    }

    private String revision() {
        return user.sees("sidecarpolicy", "agent").at("/status/revision").asText();
    }

    private void setsStatus(String field, String value) {
        user.types(
                "patch",
                "sidecarpolicy",
                "agent",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"" + field + "\":\"" + value + "\"}}");
    }

    private String sidecar() {
        return Keyboard.sidecar(user.seesDeployment().at("/spec/template"));
    }

    private List<JsonNode> pods(String selector) {
        return CLUSTER.list("pod", user.namespace(), "labelSelector=" + selector);
    }

    /** Waits until the policy's revision has come to run, so that it is the one to fall back to. */
    private void awaitProven() {
        await().atMost(SOON)
                .until(() -> user.sees("sidecarpolicy", "agent").at("/status").has("provenRevision"));
    }

    private static List<String> initContainers(JsonNode podOrTemplate) {
        return Json.objects(podOrTemplate.path("spec"), "initContainers")
                .map(container -> container.path("name").asText())
                .toList();
    }
}

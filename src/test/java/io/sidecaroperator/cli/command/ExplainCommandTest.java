package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.injection.Check;
import io.sidecaroperator.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What explain and policies say about manifests. */
class ExplainCommandTest {
    private static final int CHECKS = Check.values().length;

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web, logs: collected}}
                spec:
                  containers:
                  - {name: app, image: "shop/web:1", env: [{name: LOG_DIR, value: /logs}]}
                  - {name: metrics, image: "shop/metrics:1"}
            """;
    private static final String DB = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec:
                  containers: [{name: app, image: "shop/db:1"}]
            """;
    private static final String POLICIES = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: logs}
            spec:
              selector: {matchLabels: {logs: collected}}
              sharedVolumes:
              - {name: app-logs, mountPath: /var/log/app, envVar: LOG_DIR}
              sidecars: [{name: log-collector, image: "fluent/fluent-bit:4.2.0"}]
            ---
            apiVersion: sidecar-operator.io/v1alpha1
            kind: SidecarPolicy
            metadata: {name: metrics, namespace: shop}
            spec:
              selector: {matchLabels: {app: web}}
              sidecars: [{name: metrics, image: "m:1"}]
            ---
            apiVersion: sidecar-operator.io/v1alpha1
            kind: ClusterSidecarPolicy
            metadata: {name: trace}
            spec:
              mode: Audit
              selector: {matchLabels: {app: web}}
              sidecars: [{name: trace, image: "t:1"}]
            """;

    @TempDir
    private Path directory;

    private String web = "";
    private String policies = "";

    @BeforeEach
    void write() throws IOException {
        web = Files.writeString(directory.resolve("web.yaml"), WEB + "---\n" + DB)
                .toString();
        policies =
                Files.writeString(directory.resolve("policies.yaml"), POLICIES).toString();
    }

    @Test
    void theAnswerComesFirstThenTheReasonsAndAtTheEndWhatWasAssumed() {
        assertThat(explain("-f", web, "--policy", policies, "deployment/web").ok())
                .isEqualTo("""
                Deployment shop/web, Kubernetes 1.36
                policy trace: not injected, newest is 336cca42e5 (Audited): the policy has mode: Audit, so it is \
                evaluated and changes nothing
                  what to do: Read what it would do, then remove mode: Audit from the policy.
                  would add native sidecar trace
                policy shop/logs: injected at revision 23480f533a
                  + volume app-logs (emptyDir)
                  + native sidecar log-collector
                  + container app: mounts app-logs at /var/log/app
                  + container metrics: mounts app-logs at /var/log/app
                  + container metrics: env LOG_DIR=/var/log/app
                  note UserValueKept: container app already sets LOG_DIR
                policy shop/metrics: refused (ContainerNameTaken): the workload has a container named metrics itself; \
                rename one of the two
                  what to do: Rename the sidecar in the policy, or the container of the workload or of the other policy.
                  stopped at check 9 of %d, that the names of the sidecars are free

                assumed:
                  Kubernetes 1.36, the newest known (--kubernetes-version)
                  namespace shop has no labels: no opt-out, no Pod Security level, nothing for a namespaceSelector; \
                its Namespace is not in the input
                  namespace shop has no LimitRange: none is in the input
                """.formatted(CHECKS));
    }

    @Test
    void whatWasSaidIsNotAssumed() {
        String input = """
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {sidecar-operator.io/inject: "false"}}}
                ---
                {apiVersion: v1, kind: LimitRange, metadata: {name: limits, namespace: shop}, spec: {limits: []}}
                """;
        CommandRun run = CommandRun.of(
                WEB + input, "explain", "-f", "-", "-p", policies, "--kubernetes-version", "1.30", "-n", "x");
        assertThat(run.ok())
                .startsWith("Deployment shop/web, Kubernetes 1.30\n")
                .contains("policy shop/metrics: skipped (OptedOut): namespace shop has the label")
                .contains("  stopped at check 4 of " + CHECKS + ", that neither it nor its namespace opts out\n")
                .doesNotContain("assumed");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void everyCheckIsShownOnDemand() {
        String text = explain("-f", web, "--policy", policies, "--checks", "deploy/web")
                .ok();
        assertThat(text.lines().filter(line -> line.startsWith("  passed "))).hasSize(CHECKS + CHECKS + 8);
        assertThat(text.lines().filter(line -> line.startsWith("  not asked "))).hasSize(CHECKS - 8 - 1);
        assertThat(text).contains("\n  decided   not so: the names of the sidecars are free\n");
    }

    @Test
    void ofAWorkloadThatNobodySelectsItSaysWhatDoesNotMatch() {
        assertThat(explain("-f", web, "--policy", policies, "sts/db").ok()).startsWith("""
                StatefulSet default/db, Kubernetes 1.36
                no policy selects it:
                  policy trace: selector wants app=web, but the pod template has app=db
                  policy default/logs: selector wants logs=collected, but the pod template has no label logs
                  policy shop/metrics: namespace is shop, but the workload is in namespace default; selector wants \
                app=web, but the pod template has app=db

                assumed:
                """);
    }

    @Test
    void aProgramReadsAllOfItByStableNames() {
        JsonNode root =
                Json.parse(explain("-f", web, "-p", policies, "-o", "json").ok());
        assertThat(root.path("workloads")).hasSize(2);
        JsonNode workload = root.at("/workloads/0");
        assertThat(workload.path("where").asText()).isEqualTo(web + ", document 1 (line 1)");
        assertThat(workload.path("kubernetesVersion").asText()).isEqualTo("1.36");
        assertThat(workload.path("policies").findValuesAsText("policy"))
                .containsExactly("trace", "shop/logs", "shop/metrics");
        assertThat(workload.path("policies").findValuesAsText("decision")).containsExactly("Hold", "Inject", "Refuse");
        JsonNode held = workload.at("/policies/0");
        assertThat(held.path("reason").asText()).isEqualTo("Audited");
        assertThat(held.at("/withheld/0/edit").asText()).isEqualTo("AddContainer");
        JsonNode injected = workload.at("/policies/1");
        assertThat(injected.path("givenRevision")).isEqualTo(injected.path("revision"));
        assertThat(injected.has("reason") || injected.has("message") || injected.has("carriedRevision"))
                .isFalse();
        assertThat(injected.path("edits")).hasSize(5);
        assertThat(injected.at("/notes/0/reason").asText()).isEqualTo("UserValueKept");
        JsonNode refused = workload.at("/policies/2");
        assertThat(refused.path("decidedBy").asText()).isEqualTo("ContainerNames");
        assertThat(refused.path("advice").asText()).startsWith("Rename the sidecar");
        assertThat(refused.path("checks").findValuesAsText("answer"))
                .hasSize(CHECKS)
                .startsWith("Passed")
                .endsWith("NotAsked")
                .containsOnlyOnce("Decided");
        assertThat(root.at("/workloads/1/misses/2/missed/0/field").asText()).isEqualTo("namespace");
        assertThat(root.at("/workloads/1/assumptions")).hasSize(4);
    }

    @Test
    void theCarriedRevisionIsTold() throws IOException {
        String injected = CommandRun.inject(WEB, "-p", policies).ok();
        String newer = POLICIES.replace("fluent-bit:4.2.0", "fluent-bit:4.3.0");
        String later = Files.writeString(directory.resolve("later.yaml"), newer).toString();
        JsonNode policy = Json.parse(CommandRun.of(injected, "explain", "-p", later, "-o", "json")
                        .ok())
                .at("/workloads/0/policies/1");
        assertThat(policy.path("carriedRevision").asText()).isEqualTo("23480f533a");
        assertThat(policy.path("revision").asText()).isNotEqualTo("23480f533a");
    }

    @Test
    void aCarriedPolicyThatSelectsNoMoreSaysWhatIsLost() throws IOException {
        String injected = CommandRun.inject(WEB, "-p", policies).ok().replace("logs: collected", "logs: lost");
        assertThat(CommandRun.of(injected, "explain", "-p", policies).ok()).contains("""
                policy shop/logs: skipped (NotSelected): the policy's selector, namespace or workloads do not match; \
                what it has added is taken out
                  selector wants logs=collected, but the pod template has logs=lost
                """);
    }

    @Test
    void aMistakeIsToldWithTheWayOut() {
        assertBad(
                "there is no Deployment wbe in the input; there is Deployment shop/web, StatefulSet default/db",
                "explain",
                "-f",
                web,
                "-p",
                policies,
                "deploy/wbe");
        assertBad("\"web\" names no workload; expected KIND/NAME", "explain", "web", "-f", web);
        assertBad("the input holds no workload but SidecarPolicy logs", "explain", "-f", policies);
        assertBad("--all-namespaces means nothing without --cluster", "explain", "-A", "-f", web);
        assertBad("--kubeconfig and --context mean nothing without --cluster", "policies", "--context", "x", "-f", web);
        assertBad("means nothing with --cluster", "explain", "--cluster", "--kubernetes-version", "1.30");
    }

    @Test
    void policiesAreATableAndOfTheOthersWhatDoesNotMatch() {
        CommandRun run = CommandRun.of("", "policies", "-f", web, "--policy", policies, "deployment/web", "sts/db");
        assertThat(run.ok()).isEqualTo("""
                POLICY         REACHES               DECISION   REASON               REVISION
                trace          Deployment shop/web   Hold       Audited              336cca42e5
                shop/logs      Deployment shop/web   Inject                          23480f533a
                shop/metrics   Deployment shop/web   Refuse     ContainerNameTaken   b411084588

                not StatefulSet default/db:
                  trace: selector wants app=web, but the pod template has app=db
                  default/logs: selector wants logs=collected, but the pod template has no label logs
                  shop/metrics: namespace is shop, but the workload is in namespace default; selector wants app=web, \
                but the pod template has app=db
                """);
        assertThat(run.err()).contains("assumed: namespace shop has no labels");
        assertThat(CommandRun.of("", "policies", "-f", web, "-p", policies, "-o", "name")
                        .ok())
                .isEqualTo("""
                clustersidecarpolicy.sidecar-operator.io/trace
                sidecarpolicy.sidecar-operator.io/logs
                sidecarpolicy.sidecar-operator.io/metrics
                """);
        JsonNode json = Json.parse(CommandRun.of("", "policies", "-f", web, "-p", policies, "-o", "json")
                .ok());
        assertThat(json.at("/workloads/0/policies/2/reason").asText()).isEqualTo("ContainerNameTaken");
        assertThat(json.at("/workloads/1/misses/1/missed/0/wanted").asText()).isEqualTo("logs=collected");
    }

    private static CommandRun explain(String... arguments) {
        List<String> all = new ArrayList<>(List.of("explain"));
        all.addAll(List.of(arguments));
        return CommandRun.of("", all.toArray(String[]::new));
    }

    private static void assertBad(String message, String... arguments) {
        CommandRun run = CommandRun.of("", arguments);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(run.out()).isEmpty();
    }
}

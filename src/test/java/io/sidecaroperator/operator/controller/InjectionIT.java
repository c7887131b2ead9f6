package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user sees of injection, change and removal, with kubectl on a real API server. */
class InjectionIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final String ONE_INJECTED =
            "{\"matched\":1,\"injected\":1,\"outdated\":0,\"refused\":0,\"skipped\":0,\"progressing\":0}";
    private static final String ONE_REFUSED =
            "{\"matched\":1,\"injected\":0,\"outdated\":0,\"refused\":1,\"skipped\":0,\"progressing\":0}";
    private static final String ONE_SKIPPED =
            "{\"matched\":1,\"injected\":0,\"outdated\":0,\"refused\":0,\"skipped\":1,\"progressing\":0}";
    private static final String NONE_MATCHED =
            "{\"matched\":0,\"injected\":0,\"outdated\":0,\"refused\":0,\"skipped\":0,\"progressing\":0}";
    private static RunningManager operator;

    @BeforeAll
    static void start() {
        operator = RunningManager.start(Installation.install(CLUSTER));
    }

    @AfterAll
    static void stop() {
        operator.close();
    }

    @Test
    void aDeploymentThatIsThereFollowsThePolicyAndGetsItsTemplateBackByteForByte() {
        Shop shop = new Shop(CLUSTER, "before");
        shop.apply(Shop.deployment("web"));
        String before = Json.text(shop.awaitRunning("web").at("/spec/template"));

        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));

        JsonNode policy = shop.awaitReady("logs", 1);
        JsonNode web = shop.get("deployment", "web");
        assertThat(Shop.retains(web, "log-collector")).isTrue();
        assertThat(web.at("/spec/template/spec/containers/0/env/1/name").asText())
                .isEqualTo("LOG_DIR");
        assertThat(policy.at("/status/workloads")).isEqualTo(Json.parse(ONE_INJECTED));
        assertThat(policy.at("/status/provenRevision")).isEqualTo(policy.at("/status/revision"));
        assertThat(Shop.condition(policy, "Ready").path("message").asText()).isEqualTo("1 of 1 workload injected");
        assertThat(policy.at("/metadata/finalizers/0").asText()).isEqualTo(KnownPolicy.FINALIZER);
        shop.awaitEvent("Deployment", "web", "Injected policy " + shop.namespace() + "/logs");
        shop.awaitEvent("SidecarPolicy", "logs", "Ready 1 of 1 workload injected");

        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");

        assertThat(Json.text(shop.template("web"))).isEqualTo(before);
        shop.awaitEvent("Deployment", "web", "Removed policy " + shop.namespace() + "/logs");
    }

    @Test
    void aDeploymentThatComesLaterGetsTheSidecar() {
        Shop shop = new Shop(CLUSTER, "after");
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        JsonNode policy = shop.awaitReady("logs");
        assertThat(Shop.condition(policy, "Ready").path("reason").asText()).isEqualTo("NoWorkloads");
        assertThat(policy.at("/status/workloads")).isEqualTo(Json.parse(NONE_MATCHED));

        shop.apply(Shop.deployment("web"));

        shop.awaitDeployment("web", d -> Shop.retains(d, "log-collector"));
        shop.awaitCounts("logs", ONE_INJECTED);
        shop.kubectl("delete", "deployment", "web");
        shop.awaitCounts("logs", NONE_MATCHED);
    }

    @Test
    void aChangedPolicyChangesItsWorkloadsAndANarrowedOneLetsGo() {
        Shop shop = new Shop(CLUSTER, "change");
        shop.apply(Shop.deployment("web"));
        String before = Json.text(shop.awaitRunning("web").at("/spec/template"));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        String first = shop.awaitReady("logs", 1).at("/status/revision").asText();

        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.1"));

        JsonNode policy = shop.awaitReady("logs");
        assertThat(policy.at("/status/revision").asText()).isNotEqualTo(first);
        assertThat(shop.template("web").at("/spec/initContainers/0/image").asText())
                .isEqualTo("fluent/fluent-bit:4.2.1");
        shop.awaitEvent("Deployment", "web", "Updated policy");

        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.1").replace("logs: collected", "logs: other"));

        shop.awaitDeployment("web", Shop::isPlain);
        assertThat(Json.text(shop.template("web"))).isEqualTo(before);
        shop.awaitCounts("logs", NONE_MATCHED);
    }

    /** JOSDK maps only the new version of an object to its policies. It works here because workloads are primaries. */
    @Test
    void aDeploymentWhoseLabelsStopMatchingLosesTheSidecar() {
        Shop shop = new Shop(CLUSTER, "labels");
        shop.apply(Shop.deployment("web"));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitDeployment("web", d -> Shop.retains(d, "log-collector"));

        shop.apply(Shop.deployment("web").replace("logs: collected", "logs: kept"));

        shop.awaitDeployment("web", Shop::isPlain);
        shop.awaitCounts("logs", NONE_MATCHED);
    }

    @Test
    void theOptOutLabelIsHeardOnTheTemplateAndOnTheNamespace() {
        Shop shop = new Shop(CLUSTER, "optout");
        shop.apply(Shop.deployment("web")
                .replace("logs: collected", "logs: collected, sidecar-operator.io/inject: \"false\""));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        JsonNode policy = shop.awaitCounts("logs", ONE_SKIPPED);
        assertThat(policy.at("/status/exceptions/0/reason").asText()).isEqualTo("OptedOut");
        assertThat(Shop.condition(policy, "Ready").path("status").asText()).isEqualTo("True");
        assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();
        shop.awaitEvent("Deployment", "web", "OptedOut policy");

        shop.apply(Shop.deployment("web"));
        shop.awaitDeployment("web", d -> Shop.retains(d, "log-collector"));
        shop.awaitCounts("logs", ONE_INJECTED);

        CLUSTER.kubectl("", "label", "namespace", shop.namespace(), "sidecar-operator.io/inject=false")
                .ok();
        shop.awaitCounts("logs", ONE_SKIPPED);
        shop.awaitDeployment("web", Shop::isPlain);

        CLUSTER.kubectl("", "label", "namespace", shop.namespace(), "sidecar-operator.io/inject-")
                .ok();
        shop.awaitDeployment("web", d -> Shop.retains(d, "log-collector"));
        shop.awaitCounts("logs", ONE_INJECTED);
    }

    @Test
    void aNameThatTheUserHasIsRefusedWhereTheUserLooksUntilItIsFree() {
        Shop shop = new Shop(CLUSTER, "conflict");
        String own = Shop.deployment("web") + "      - {name: log-collector, image: shop/own:1}\n";
        shop.apply(own);
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));

        JsonNode policy = shop.awaitCounts("logs", ONE_REFUSED);

        assertThat(policy.at("/status/exceptions/0"))
                .isEqualTo(Json.object()
                        .put("kind", "Deployment")
                        .put(
                                "message",
                                "the workload has a container named log-collector itself; rename one of the two")
                        .put("name", "web")
                        .put("namespace", shop.namespace())
                        .put("reason", "ContainerNameTaken"));
        assertThat(Shop.condition(policy, "Conflicted").path("reason").asText()).isEqualTo("ContainerNameTaken");
        assertThat(Shop.condition(policy, "Ready").path("status").asText()).isEqualTo("True");
        shop.awaitEvent("Deployment", "web", "ContainerNameTaken policy");
        shop.awaitEvent("SidecarPolicy", "logs", "Conflicted Deployment");
        assertThat(Shop.isPlain(shop.get("deployment", "web"))).isTrue();

        shop.apply(Shop.deployment("web"));

        policy = shop.awaitCounts("logs", ONE_INJECTED);
        assertThat(policy.at("/status").has("exceptions")).isFalse();
        assertThat(Shop.condition(policy, "Conflicted").path("status").asText()).isEqualTo("False");
    }

    @Test
    void whatOthersTakeOutComesBack() {
        Shop shop = new Shop(CLUSTER, "damage");
        shop.apply(Shop.deployment("web"));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitReady("logs", 1);
        String injected = Json.text(shop.template("web"));

        shop.kubectl("patch", "deployment", "web", "--type=json", "-p", """
                [{"op": "remove", "path": "/spec/template/spec/containers/0/volumeMounts"}]""");
        shop.awaitTemplate("web", injected);
        shop.awaitEvent("Deployment", "web", "Repaired put back");

        CLUSTER.kubectl(Shop.deployment("web"), "replace", "--namespace", shop.namespace(), "-f", "-")
                .ok();
        shop.awaitTemplate("web", injected);
    }

    @Test
    void whatAWorkloadOverridesIsHeededOrTold() {
        Shop shop = new Shop(CLUSTER, "override");
        shop.apply(Shop.deployment("web"));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0") + "  overrides: {allow: [image]}\n"
                + "  terminationGracePeriodSeconds: 60\n");
        JsonNode policy = shop.awaitReady("logs", 1);
        assertThat(shop.template("web")
                        .at("/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(60);

        shop.kubectl("patch", "deployment", "web", "-p", """
                {"spec": {"template": {"metadata": {"annotations": {"sidecar-operator.io/override":
                  "{\\"log-collector\\": {\\"image\\": \\"fluent/fluent-bit:4.2.1\\", \\"env\\": []}}"}}}}}""");
        shop.awaitEvent(
                "Deployment",
                "web",
                "OverrideIgnored override of log-collector: env is not in overrides.allow of policy " + shop.namespace()
                        + "/logs");
        shop.awaitDeployment(
                "web",
                web -> web.at("/spec/template/spec/initContainers/0/image")
                        .asText()
                        .equals("fluent/fluent-bit:4.2.1"));

        shop.kubectl("delete", "sidecarpolicy", policy.at("/metadata/name").asText());
        shop.awaitDeployment("web", web -> !web.at("/spec/template/spec").has("initContainers"));
        assertThat(shop.template("web")
                        .at("/spec/terminationGracePeriodSeconds")
                        .asInt())
                .isEqualTo(30);
    }

    @Test
    void whatUsersDoNextToItStays() {
        Shop shop = new Shop(CLUSTER, "beside");
        shop.apply(Shop.deployment("web"));
        shop.awaitRunning("web");
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitReady("logs", 1);
        String injected = Json.text(shop.template("web"));

        shop.apply(Shop.deployment("web"));
        shop.kubectl("scale", "deployment", "web", "--replicas=2");
        shop.kubectl("annotate", "deployment", "web", "owner=shop");
        shop.apply(Shop.deployment("web").replace("shop/web:1", "shop/web:2"));

        JsonNode web = shop.awaitDeployment(
                "web",
                d -> d.at("/status/observedGeneration").asLong()
                        == d.at("/metadata/generation").asLong());
        assertThat(Json.text(web.at("/spec/template"))).isEqualTo(injected.replace("shop/web:1", "shop/web:2"));
        assertThat(web.at("/metadata/annotations/owner").asText()).isEqualTo("shop");
        JsonNode history = Json.parse(shop.kubectl("get", "replicasets", "-o", "json"));
        assertThat(history.path("items"))
                .as("ReplicaSets: plain, injected, the user's new image")
                .hasSize(3);
    }

    @Test
    void aSidecarThatTheServerRefusesIsToldOnceAndTriedAgainAfterAChange() {
        Shop shop = new Shop(CLUSTER, "rejected");
        shop.apply(Shop.deployment("web"));
        shop.awaitRunning("web");
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0\n    fromTheFuture: true"));

        JsonNode policy = shop.awaitCounts("logs", ONE_REFUSED);

        assertThat(policy.at("/status/exceptions/0/reason").asText()).isEqualTo("RejectedByServer");
        assertThat(policy.at("/status/exceptions/0/message").asText()).contains("fromTheFuture");
        shop.awaitEvent("Deployment", "web", "RejectedByServer policy");
        shop.kubectl("annotate", "deployment", "web", "owner=shop");
        shop.awaitObserved("web");
        assertThat(new Audit(CLUSTER, operator.user()).in(shop.namespace(), "patch", "deployments"))
                .as("a change outside the template does not cause another call")
                .hasSize(1);

        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitCounts("logs", ONE_INJECTED);
    }

    @Test
    void aPolicyGoesWithItsNamespace() {
        Shop shop = new Shop(CLUSTER, "going");
        shop.apply(Shop.deployment("web"));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitReady("logs", 1);

        CLUSTER.kubectl("", "delete", "namespace", shop.namespace(), "--timeout=240s")
                .ok();
    }

    @Test
    void twoPoliciesShareAWorkloadAndTheLaterOneWaitsForAName() {
        Shop shop = new Shop(CLUSTER, "two");
        shop.apply(Shop.deployment("web"));
        String before = Json.text(shop.awaitRunning("web").at("/spec/template"));
        shop.apply(Shop.policy("logs", "fluent/fluent-bit:4.2.0"));
        shop.awaitReady("logs", 1);
        shop.apply(Shop.policy("other", "fluent/fluentd:1"));
        JsonNode other = shop.awaitCounts("other", ONE_REFUSED);
        assertThat(other.at("/status/exceptions/0/message").asText()).contains("policy " + shop.namespace() + "/logs");

        shop.kubectl("delete", "sidecarpolicy", "logs", "--timeout=240s");

        shop.awaitCounts("other", ONE_INJECTED);
        assertThat(shop.template("web").at("/spec/initContainers/0/image").asText())
                .isEqualTo("fluent/fluentd:1");
        shop.kubectl("delete", "sidecarpolicy", "other", "--timeout=240s");
        assertThat(Json.text(shop.template("web"))).isEqualTo(before);
    }

    @Test
    void whoWritesAtTheSameTimeLosesNothing() {
        Shop shop = new Shop(CLUSTER, "race");
        shop.apply(Shop.deployment("web"));
        for (int round = 0; round < 8; round++) {
            shop.applyAll(
                    Shop.policy("logs", "fluent/fluent-bit:4.2." + round),
                    Shop.deployment("web").replace("value: live", "value: round-" + round));
            shop.kubectl("annotate", "deployment", "web", "round-" + round + "=done");
        }

        shop.awaitReady("logs", 1);
        JsonNode web = shop.awaitDeployment(
                "web",
                d -> d.at("/spec/template/spec/initContainers/0/image").asText().endsWith(":4.2.7"));
        assertThat(web.at("/spec/template/spec/containers/0/env/0/value").asText())
                .isEqualTo("round-7");
        for (int round = 0; round < 8; round++) {
            assertThat(web.at("/metadata/annotations").has("round-" + round)).isTrue();
        }
    }
}

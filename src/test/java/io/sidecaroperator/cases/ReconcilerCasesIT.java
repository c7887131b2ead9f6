package io.sidecaroperator.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.cases.CaseInput.Moment;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.workload.OrphanedAnnotation;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.controller.Manager;
import io.sidecaroperator.operator.watch.OperatorScope;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The golden cases through the operator on a real control plane. Every Deployment that an API server stores becomes
 * what {@code out.yaml} says, by one write, or is not written at all.
 */
class ReconcilerCasesIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final RealServer SERVER = new RealServer(CLUSTER);
    private static final Duration SOON = Duration.ofMinutes(3);

    private static final List<String> NAMESPACES = new ArrayList<>();

    private static List<Running> running;
    private static KubernetesClient client;
    private static Manager controllers;

    /** A case whose objects are in the cluster. */
    private record Running(
            CaseFolder folder, String namespace, List<ObjectNode> policies, JsonNode first, JsonNode expected) {
        ObjectNode deployment() {
            return SERVER.find(folder.workload(), namespace).orElseThrow();
        }

        JsonNode template() {
            return template(deployment());
        }

        /**
         * The server writes its default of 30 seconds where a manifest has no value, and a receipt that raises it says
         * so.
         */
        JsonNode template(ObjectNode deployment) {
            JsonNode template = deployment.at("/spec/template");
            String receipt = template.at("/metadata/annotations")
                    .path(Receipt.ANNOTATION)
                    .asText();
            if (!folder.template().path("spec").has("terminationGracePeriodSeconds") && !receipt.isEmpty()) {
                ((ObjectNode) template.at("/metadata/annotations"))
                        .put(Receipt.ANNOTATION, receipt.replace(",\"was\":30", ""));
            }
            return template;
        }
    }

    @BeforeAll
    static void start() {
        Installation installation = Installation.install(CLUSTER);
        running = CaseFolder.all().stream()
                .filter(ReconcilerCasesIT::isForTheReconciler)
                .map(ReconcilerCasesIT::create)
                .toList();
        client = TestCluster.clientOf(installation.operatorKubeconfig());
        controllers = new Manager(
                client,
                new OperatorScope(Set.of(), installation.namespace(), WorkloadKinds.BUILT_IN, KubernetesVersion.NEWEST),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
        controllers.start();
    }

    /** Other tests share the cluster, so every object that they would count is removed. */
    @AfterAll
    static void stop() {
        CLUSTER.kubectl("", "delete", "clustersidecarpolicies", "--all", "--wait=false")
                .ok();
        NAMESPACES.forEach(name -> CLUSTER.admin().namespaces().withName(name).delete());
        await().atMost(SOON)
                .until(() -> running.stream()
                        .flatMap(one -> one.policies().stream())
                        .allMatch(policy ->
                                SERVER.find(policy, namespaceOf(policy)).isEmpty()));
        controllers.stop();
        client.close();
    }

    /**
     * Whether the operator reconciles the case, a server stores it, and this server and a namespace of the test can
     * provide it.
     */
    private static boolean isForTheReconciler(CaseFolder folder) {
        CaseInput given = folder.given();
        return folder.kind().equals(WorkloadKind.DEPLOYMENT)
                && given.serverShapes()
                && given.isFor(Moment.Resync)
                && given.held().isEmpty()
                && given.limitRanges().isEmpty()
                && folder.policies().stream().noneMatch(policy -> policy.has("status"))
                && given.deleting().isEmpty()
                && given.kubernetesVersion().isEmpty()
                && !given.protectedNamespace();
    }

    /** Creates the objects in fresh namespaces, one for each that the case names. */
    private static Running create(CaseFolder folder) {
        String own = folder.input().ref().namespace();
        Map<String, String> namespaces = new LinkedHashMap<>();
        namespaces.put(own, namespace(folder.given().namespaceLabels()));
        folder.policies().stream()
                .map(ReconcilerCasesIT::namespaceOf)
                .filter(name -> !name.isEmpty())
                .forEach(name -> namespaces.computeIfAbsent(name, other -> namespace(Map.of())));
        String namespace = namespaces.getOrDefault(own, "");
        List<ObjectNode> policies = folder.policies().stream()
                .map(policy -> inItsOwnNamespaces(policy, namespaces.values()))
                .map(policy -> SERVER.create(finalized(policy), namespaces.getOrDefault(namespaceOf(policy), "")))
                .toList();
        ObjectNode in = idle(folder, RealServer.moved(folder.template(), own, namespace), namespace);
        ObjectNode out = idle(
                folder,
                RealServer.moved(folder.templateOf(folder.manifest(CaseFolder.OUT)), own, namespace),
                namespace);
        JsonNode first = SERVER.create(in, namespace).at("/spec/template");
        JsonNode expected = folder.given().inSync()
                ? first
                : SERVER.stored(named(out), namespace).at("/spec/template");
        return new Running(folder, namespace, policies, first, expected);
    }

    private static String namespaceOf(ObjectNode object) {
        return object.at("/metadata/namespace").asText();
    }

    private static String namespace(Map<String, String> labels) {
        String name = CLUSTER.namespace("case", labels);
        NAMESPACES.add(name);
        return name;
    }

    /** The cases share a cluster, so a cluster policy selects only the namespaces of its own case. */
    private static ObjectNode inItsOwnNamespaces(ObjectNode policy, Collection<String> namespaces) {
        if (!policy.path("kind").asText().equals("ClusterSidecarPolicy")) {
            return policy;
        }
        ObjectNode copy = policy.deepCopy();
        ArrayNode names = copy.withObject("/spec/namespaceSelector")
                .withArray("matchExpressions")
                .addObject()
                .put("key", "kubernetes.io/metadata.name")
                .put("operator", "In")
                .putArray("values");
        namespaces.forEach(names::add);
        return copy;
    }

    /**
     * The policy with the finalizer, as the operator leaves a policy once it has seen it. Each policy that it sees
     * first is a change of its own.
     */
    private static ObjectNode finalized(ObjectNode policy) {
        ObjectNode copy = policy.deepCopy();
        copy.withObject("/metadata").putArray("finalizers").add("sidecar-operator.io/finalizer");
        return copy;
    }

    /** The deployment with 0 replicas, because the test does not need its pods. */
    private static ObjectNode idle(CaseFolder folder, ObjectNode template, String namespace) {
        ObjectNode deployment = folder.with(template).deepCopy();
        Set<PolicyKey> orphans = OrphanedAnnotation.of(deployment).stream()
                .map(key -> new PolicyKey(namespace, key.name()))
                .collect(Collectors.toSet());
        deployment = OrphanedAnnotation.with(deployment, orphans);
        deployment.withObject("/spec").put("replicas", 0);
        return deployment;
    }

    private static ObjectNode named(ObjectNode deployment) {
        ObjectNode copy = deployment.deepCopy();
        copy.withObject("/metadata").put("name", "as-expected");
        return copy;
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        assertThat(running).hasSizeGreaterThanOrEqualTo(CaseFolder.all().size() / 2);
        return Stream.concat(
                running.stream().map(one -> dynamicTest(one.folder().name(), () -> becomes(one))),
                Stream.of(dynamicTest(
                        "and nothing is written afterwards", () -> running.forEach(one -> completed(one)))));
    }

    private static void becomes(Running one) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(one.template()).isEqualTo(one.expected()));
        one.policies()
                .forEach(policy -> await().atMost(SOON)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> SERVER.find(policy, namespaceOf(policy)), ReconcilerCasesIT::isSettled));
        completed(one);
    }

    private static boolean isSettled(Optional<ObjectNode> policy) {
        return policy.filter(found -> found.at("/status/observedGeneration").asLong(-1)
                        == found.at("/metadata/generation").asLong())
                .filter(found -> Json.objects(found.path("status"), "conditions")
                        .anyMatch(condition -> condition.path("type").asText().equals("Ready")
                                && condition.path("status").asText().equals("True")))
                .isPresent();
    }

    /** Checks that the deployment is as expected, by one write where a change was needed. */
    private static void completed(Running one) {
        ObjectNode deployment = one.deployment();
        assertThat(one.template(deployment)).as(one.folder().name()).isEqualTo(one.expected());
        assertThat(deployment.at("/metadata/generation").asInt())
                .as("%s: versions of %s", one.folder().name(), Json.text(deployment.path("metadata")))
                .isEqualTo(one.expected().equals(one.first()) ? 1 : 2);
    }
}

package io.sidecaroperator.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The golden cases and a real API server: it accepts what we make, and what it stores is neither a change nor left
 * behind.
 */
class ServerCasesIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final RealServer SERVER = new RealServer(CLUSTER);

    /** Kinds whose stored templates never change; the server gives them names that are never the same. */
    private static final Set<String> CREATED_ONCE = Set.of("Pod", "Job");

    private static String namespace;

    @BeforeAll
    static void prepare() {
        Installation.install(CLUSTER);
        namespace = CLUSTER.namespace("server-cases", Map.of());
        // A pod needs its namespace's default ServiceAccount, which the controller-manager makes.
        await().until(() -> CLUSTER.admin()
                        .serviceAccounts()
                        .inNamespace(namespace)
                        .withName("default")
                        .get()
                != null);
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        return CaseFolder.all().stream()
                .filter(folder -> folder.given().serverShapes())
                .map(folder -> dynamicTest(folder.name(), () -> fits(folder)));
    }

    private static boolean isClusterWide(ObjectNode policy) {
        return policy.path("kind").asText().equals("ClusterSidecarPolicy");
    }

    private static void fits(CaseFolder folder) {
        folder.policies().forEach(policy -> SERVER.stored(policy, isClusterWide(policy) ? "" : namespace));
        ObjectNode in = SERVER.stored(folder.workload(), namespace);
        ObjectNode out = SERVER.stored(folder.manifest(CaseFolder.OUT), namespace);
        if (CREATED_ONCE.contains(folder.kind().kind())) {
            return;
        }
        ObjectNode template = folder.templateOf(out);

        Input input = folder.factsOf(template);
        if (input.trigger() instanceof Trigger.Update) {
            input = input.on(new Trigger.Update(template)); // This is stored now.
        }
        Injection again = Engine.CURRENT.inject(input, folder.index());
        assertThat(Engine.CURRENT.inSync(again))
                .as("in sync once stored: %s", Json.text(template))
                .isTrue();

        ObjectNode stripped = folder.with(Engine.strip(template).template());
        ObjectNode expected =
                folder.given().retains() ? SERVER.stored(folder.manifest(CaseFolder.STRIPPED), namespace) : in;
        assertThat(folder.templateOf(SERVER.stored(stripped, namespace)))
                .as("stripped after it was stored, and stored again")
                .isEqualTo(folder.templateOf(expected));
    }
}

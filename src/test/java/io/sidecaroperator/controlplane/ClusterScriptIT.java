package io.sidecaroperator.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code tools/cluster}: possible failures give a clear message, and the next try works. */
class ClusterScriptIT {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    @Test
    void everyScenarioOfItsOwnTestPasses() {
        TestCluster.get(); // The scenarios use the binaries of the cache, which this builds if they are missing.
        Program.Result result =
                Program.run(List.of("bash", "tools/control-plane/test/cluster-test"), Map.of(), "", LIMIT);
        assertThat(result.exitCode()).as("%s%n%s", result.out(), result.err()).isZero();
    }

    @Test
    void aRolloutReallyHappens() {
        TestCluster cluster = TestCluster.get();
        String namespace = cluster.namespace("rollout", Map.of());
        cluster.kubectl("", "create", "deployment", "web", "--image=web:1", "--replicas=3", "-n", namespace)
                .ok();
        assertThat(cluster.kubectl("", "rollout", "status", "deployment/web", "-n", namespace, "--timeout=240s")
                        .ok()
                        .out())
                .contains("successfully rolled out");
    }
}

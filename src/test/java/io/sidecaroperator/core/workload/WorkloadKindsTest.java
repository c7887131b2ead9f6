package io.sidecaroperator.core.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadKindsTest {
    private static final WorkloadKinds KINDS =
            WorkloadKinds.parse(List.of("argoproj.io/v1alpha1/Rollout=/spec/template"));

    @ParameterizedTest(name = "a {0} controlled by {2} of {1}: left to it {3}")
    @CsvSource({
        "ReplicaSet,  apps/v1,              Deployment, true",
        "ReplicaSet,  argoproj.io/v1alpha1, Rollout,    true",
        "ReplicaSet,  example.com/v1,       Canary,     true",
        "StatefulSet, example.com/v1,       Database,   false",
        "Deployment,  example.com/v1,       Gateway,    false",
        "Deployment,  argoproj.io/v1alpha1, Rollout,    true",
        "DaemonSet,   example.com/v1,       Deployment, false",
        "CronJob,     apps/v1,              StatefulSet, true"
    })
    void whoIsControlledByAWorkloadThatIsLookedAfterIsLeftToIt(
            String kind, String ownerVersion, String ownerKind, boolean left) {
        WorkloadKind own = WorkloadKind.ALL.stream()
                .filter(known -> known.kind().equals(kind))
                .findFirst()
                .orElseThrow();
        ObjectNode owner = Json.object().put("apiVersion", ownerVersion).put("kind", ownerKind);

        assertThat(KINDS.isLeftTo(owner, own)).isEqualTo(left);
    }
}

package io.sidecaroperator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.tree.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTest {
    private static final String AVAILABLE =
            "\"conditions\":[{\"type\":\"Available\",\"status\":\"True\"},{\"type\":\"Progressing\",\"status\":\"%s\",\"reason\":\"%s\"}]";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "the controller has not looked yet          | 3 | 2 | 2 | 2 | True  | NewReplicaSetAvailable | PROGRESSING",
                "every pod is new                           | 3 | 3 | 2 | 2 | True  | NewReplicaSetAvailable | COMPLETE",
                "back to an earlier ReplicaSet, just begun  | 3 | 3 | 2 | 0 | True  | NewReplicaSetAvailable | PROGRESSING",
                "pods are being replaced                    | 3 | 3 | 2 | 1 | True  | ReplicaSetUpdated      | PROGRESSING",
                "all replaced, not all ready                | 3 | 3 | 2 | 2 | True  | ReplicaSetUpdated      | PROGRESSING",
                "stuck                                      | 3 | 3 | 2 | 2 | False | ProgressDeadlineExceeded | PROGRESSING"
            })
    void aDeploymentIsCompleteWhenItsControllerSaysSoOfThisGeneration(
            String situation,
            long generation,
            long observed,
            int replicas,
            int updated,
            String status,
            String reason,
            Rollout expected) {
        String deployment = "{\"metadata\":{\"generation\":" + generation + "},\"spec\":{\"replicas\":2},"
                + "\"status\":{\"observedGeneration\":" + observed + ",\"replicas\":" + replicas
                + ",\"updatedReplicas\":" + updated + "," + AVAILABLE.formatted(status, reason) + "}}";

        assertThat(Rollout.ofDeployment(Json.parse(deployment))).as(situation).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "paused                       | {\"spec\":{\"paused\":true}} | DEFERRED",
                "scaled to zero               | {\"spec\":{\"replicas\":0}} | DEFERRED",
                "new, no status at all        | {\"metadata\":{\"generation\":1},\"spec\":{}} | PROGRESSING",
                "no deadline, all available   | {\"spec\":{\"replicas\":2},\"status\":{\"observedGeneration\":1,\"replicas\":2,\"updatedReplicas\":2,\"availableReplicas\":2}} | COMPLETE",
                "no deadline, one unavailable | {\"spec\":{\"replicas\":2},\"status\":{\"observedGeneration\":1,\"replicas\":2,\"updatedReplicas\":2,\"availableReplicas\":1}} | PROGRESSING",
                "no deadline, one missing     | {\"spec\":{\"replicas\":2},\"status\":{\"observedGeneration\":1,\"replicas\":1,\"updatedReplicas\":1,\"availableReplicas\":1}} | PROGRESSING",
                "junk                         | {\"spec\":7,\"status\":[]} | PROGRESSING"
            })
    void whatHasNoProgressingConditionIsJudgedByItsCounts(String situation, String deployment, Rollout expected) {
        assertThat(Rollout.ofDeployment(Json.parse(deployment))).as(situation).isEqualTo(expected);
    }
}

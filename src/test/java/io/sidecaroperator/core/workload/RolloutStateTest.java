package io.sidecaroperator.core.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutStateTest {
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
            String context,
            long generation,
            long observed,
            int replicas,
            int updated,
            String status,
            String reason,
            RolloutState expected) {
        String deployment = "{\"metadata\":{\"generation\":" + generation + "},\"spec\":{\"replicas\":2},"
                + "\"status\":{\"observedGeneration\":" + observed + ",\"replicas\":" + replicas
                + ",\"updatedReplicas\":" + updated + "," + AVAILABLE.formatted(status, reason) + "}}";

        assertThat(RolloutState.of(WorkloadKind.DEPLOYMENT, Json.parse(deployment)))
                .as(context)
                .isEqualTo(expected);
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
    void whatHasNoProgressingConditionIsJudgedByItsCounts(String context, String deployment, RolloutState expected) {
        assertThat(RolloutState.of(WorkloadKind.DEPLOYMENT, Json.parse(deployment)))
                .as(context)
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "every pod is new                  | {}                                 | a | a | 3 | 3 | COMPLETE",
                "new pods, none ready              | {}                                 | a | a | 3 | 0 | PROGRESSING",
                "pods are being replaced           | {}                                 | a | b | 1 | 3 | PROGRESSING",
                "all replaced, not switched yet    | {}                                 | a | b | 3 | 3 | PROGRESSING",
                "the controller has not looked yet | {\"partition\":-9}                 | a | a | 3 | 3 | PROGRESSING",
                "a partition, its pods are new     | {\"partition\":1}                  | a | b | 2 | 3 | COMPLETE",
                "a partition, one pod is old       | {\"partition\":1}                  | a | b | 1 | 3 | PROGRESSING",
                "a partition, one pod is not ready | {\"partition\":1}                  | a | b | 2 | 2 | PROGRESSING",
                "a partition that lets none update | {\"partition\":3}                  | a | b | 0 | 3 | DEFERRED",
                "by hand                           | OnDelete                           | a | b | 0 | 3 | DEFERRED"
            })
    void aStatefulSetIsCompleteWhenThePodsThatItMayUpdateAreNewAndReady(
            String context,
            String strategy,
            String current,
            String update,
            int updated,
            int ready,
            RolloutState expected) {
        boolean stale = strategy.contains("-9");
        String json = strategy.equals("OnDelete")
                ? "{\"type\":\"OnDelete\"}"
                : "{\"type\":\"RollingUpdate\",\"rollingUpdate\":" + (stale ? "{}" : strategy) + "}";
        String set = "{\"metadata\":{\"generation\":2},\"spec\":{\"replicas\":3,\"updateStrategy\":" + json
                + "},\"status\":{\"observedGeneration\":" + (stale ? 1 : 2) + ",\"currentRevision\":\"" + current
                + "\",\"updateRevision\":\"" + update + "\",\"updatedReplicas\":" + updated + ",\"readyReplicas\":"
                + ready + "}}";

        assertThat(RolloutState.of(WorkloadKind.STATEFUL_SET, Json.parse(set)))
                .as(context)
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "every pod is new                  | RollingUpdate | 2 | 3 | 3 | 3 | COMPLETE",
                "one is old                        | RollingUpdate | 2 | 3 | 2 | 3 | PROGRESSING",
                "one is not available              | RollingUpdate | 2 | 3 | 3 | 2 | PROGRESSING",
                "the controller has not looked yet | RollingUpdate | 1 | 3 | 3 | 3 | PROGRESSING",
                "no node takes it                  | RollingUpdate | 2 | 0 | 0 | 0 | DEFERRED",
                "by hand                           | OnDelete      | 2 | 3 | 0 | 3 | DEFERRED"
            })
    void aDaemonSetIsCompleteWhenEveryPodIsNewAndAvailable(
            String context,
            String strategy,
            long observed,
            int desired,
            int updated,
            int available,
            RolloutState expected) {
        String set = "{\"metadata\":{\"generation\":2},\"spec\":{\"updateStrategy\":{\"type\":\"" + strategy
                + "\"}},\"status\":{\"observedGeneration\":" + observed + ",\"desiredNumberScheduled\":" + desired
                + ",\"updatedNumberScheduled\":" + updated + ",\"numberAvailable\":" + available + "}}";

        assertThat(RolloutState.of(WorkloadKind.DAEMON_SET, Json.parse(set)))
                .as(context)
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tells nothing               | {}                                                                   | DEFERRED",
                "tells something else        | {\"phase\":\"Healthy\"}                                               | DEFERRED",
                "every replica is new        | {\"observedGeneration\":\"2\",\"replicas\":2,\"updatedReplicas\":2,\"availableReplicas\":2} | COMPLETE",
                "a step of a canary          | {\"observedGeneration\":\"2\",\"replicas\":2,\"updatedReplicas\":1,\"availableReplicas\":2} | PROGRESSING",
                "nobody has looked at it yet | {\"observedGeneration\":1,\"replicas\":2,\"updatedReplicas\":2,\"availableReplicas\":2}     | PROGRESSING"
            })
    void aKindOfSomebodyElsesIsUnderstoodWhenItTellsItsReplicasAsADeploymentDoes(
            String context, String status, RolloutState expected) {
        WorkloadKind kind =
                CustomKind.parse("argoproj.io/v1alpha1/Rollout=/spec/template").kind();
        String rollout = "{\"metadata\":{\"generation\":2},\"spec\":{\"replicas\":2},\"status\":" + status + "}";

        assertThat(RolloutState.of(kind, Json.parse(rollout))).as(context).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CronJob", "ReplicaSet", "Job", "Pod"})
    void whatReplacesNoPodProvesNothing(String kind) {
        WorkloadKind found = WorkloadKind.ALL.stream()
                .filter(known -> known.kind().equals(kind))
                .findFirst()
                .orElseThrow();

        assertThat(RolloutState.of(found, Json.parse("{\"spec\":{\"replicas\":2}}")))
                .isEqualTo(RolloutState.DEFERRED);
    }
}

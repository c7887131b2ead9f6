package io.sidecaroperator.core.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartsTest {
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Deployment  | three replicas   | {\"spec\":{\"replicas\":3}} | 3",
                "Deployment  | by default       | {\"spec\":{}} | 1",
                "Deployment  | scaled to zero   | {\"spec\":{\"replicas\":0}} | 0",
                "Deployment  | paused           | {\"spec\":{\"replicas\":3,\"paused\":true}} | 0",
                "Deployment  | no partition     | {\"spec\":{\"replicas\":3,\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}}}} | 3",
                "StatefulSet | three replicas   | {\"spec\":{\"replicas\":3}} | 3",
                "StatefulSet | a partition      | {\"spec\":{\"replicas\":3,\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}}}} | 1",
                "StatefulSet | all kept back    | {\"spec\":{\"replicas\":3,\"updateStrategy\":{\"rollingUpdate\":{\"partition\":5}}}} | 0",
                "StatefulSet | by hand          | {\"spec\":{\"replicas\":3,\"updateStrategy\":{\"type\":\"OnDelete\"}}} | 0",
                "DaemonSet   | on four nodes    | {\"status\":{\"desiredNumberScheduled\":4}} | 4",
                "DaemonSet   | by hand          | {\"spec\":{\"updateStrategy\":{\"type\":\"OnDelete\"}},\"status\":{\"desiredNumberScheduled\":4}} | 0",
                "DaemonSet   | not looked at    | {} | 0",
                "CronJob     | none by itself   | {\"spec\":{}} | 0",
                "ReplicaSet  | none by itself   | {\"spec\":{\"replicas\":3}} | 0"
            })
    void howManyPodsANewTemplateReplaces(String kind, String context, String object, int expected) {
        WorkloadKind found = WorkloadKind.ALL.stream()
                .filter(known -> known.kind().equals(kind))
                .findFirst()
                .orElseThrow();

        assertThat(Restarts.of(found, Json.parse(object))).as(context).isEqualTo(expected);
    }
}

package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.rollout.StuckPods.StuckPod;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StuckPodsTest {
    private static final PolicyKey LOGS = new PolicyKey("shop", "logs");
    private static final Map<PolicyKey, Set<String>> FAILED =
            Map.of(LOGS, Set.of("bad"), new PolicyKey("", "mesh"), Set.of("worse"));

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "not ready at the failed revision       | db-1 shop/logs@bad unready // db-0 shop/logs@good ready | db-1",
                "nobody says that it is ready           | db-1 shop/logs@bad | db-1",
                "at the failed one of a cluster policy  | db-1 shop/logs@good mesh@worse unready | db-1",
                "ready all the same                     | db-1 shop/logs@bad ready |",
                "not ready at another revision          | db-1 shop/logs@good unready |",
                "another policy failed at that revision | db-1 shop/cat@bad mesh@bad unready |",
                "carries nothing                        | db-1 noreceipt unready |",
                "already going                          | db-1 shop/logs@bad going unready |",
                "the highest one, as a number           | db-2 shop/logs@bad unready // db-10 shop/logs@bad unready // db-9 shop/logs@bad unready | db-10",
                "the highest one that is not ready      | db-2 shop/logs@bad ready // db-1 shop/logs@bad unready | db-1",
                "a name with a number in it             | db-7-2 shop/logs@bad unready // db-7-3 shop/logs@bad unready | db-7-3",
                "no pods                                | '' |"
            })
    void thePodThatKeepsARollbackWaiting(String context, String pods, String expected) {
        assertThat(StuckPods.of(PodText.pods(pods), FAILED).map(StuckPod::name).orElse(null))
                .as(context)
                .isEqualTo(expected);
    }

    @Test
    void itIsNamedWithItsUidSoThatNoOtherIsDeleted() {
        assertThat(StuckPods.of(PodText.pods("db-0 shop/logs@bad unready"), FAILED))
                .contains(new StuckPod("db-0", "uid-of-db-0"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "brought by a write that was replaced     | db-1 shop/logs@bad unready                           | 0 | [bad]",
                "by several                               | db-1 shop/logs@bad unready // db-0 shop/logs@b2 unready | 0 | [b2, bad]",
                "it came to run                           | db-1 shop/logs@bad ready                             | 0 |",
                "it is going                              | db-1 shop/logs@bad going unready                     | 0 |",
                "the workload was well with it            | db-1 shop/logs@old unready                           | 0 |",
                "it is what the workload is to have       | db-1 shop/logs@new unready                           | 0 |",
                "the write was not about that policy      | db-1 mesh@worse unready                              | 0 |",
                "a pod that the update leaves out         | db-1 shop/logs@bad unready                           | 2 |",
                "one that it does not                     | db-1 shop/logs@bad unready                           | 1 | [bad]"
            })
    void theRevisionsThatWereOvertaken(String context, String pods, int partition, String expected) {
        JsonNode workload =
                Json.parse("{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":" + partition + "}}}}");

        Map<PolicyKey, Set<String>> overtaken =
                StuckPods.overtaken(new Watched().record(), workload, PodText.pods(pods));

        assertThat(overtaken.keySet()).as(context).isSubsetOf(LOGS);
        assertThat(overtaken.containsKey(LOGS) ? new TreeSet<>(overtaken.get(LOGS)).toString() : null)
                .as(context)
                .isEqualTo(expected);
    }

    @Test
    void onePodAfterTheOtherGoes() {
        assertThat(StuckPods.isAnyGoing(PodText.pods("db-1 shop/logs@bad going unready // db-0 shop/logs@bad unready")))
                .isTrue();
        assertThat(StuckPods.isAnyGoing(PodText.pods("db-0 shop/logs@bad unready")))
                .isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "by default         | StatefulSet | {} | true",
                "as it says         | StatefulSet | {\"podManagementPolicy\":\"OrderedReady\"} | true",
                "in parallel        | StatefulSet | {\"podManagementPolicy\":\"Parallel\"} | false",
                "by hand            | StatefulSet | {\"updateStrategy\":{\"type\":\"OnDelete\"}} | false",
                "with another kind  | Deployment  | {} | false"
            })
    void whoseControllerWaitsForEachPod(String context, String kind, String spec, boolean expected) {
        WorkloadKind found = WorkloadKind.ALL.stream()
                .filter(known -> known.kind().equals(kind))
                .findFirst()
                .orElseThrow();

        assertThat(StuckPods.areWaitedFor(found, Json.object().set("spec", Json.parse(spec))))
                .as(context)
                .isEqualTo(expected);
    }
}

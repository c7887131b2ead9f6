package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.rollout.RolloutRules.Limit;
import io.sidecaroperator.core.rollout.RolloutRules.OnFailure;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutRulesTest {
    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource({
        "10%, 0, 1",
        "10%, 1, 1",
        "10%, 10, 1",
        "10%, 11, 2",
        "10%, 100, 10",
        "1%, 500, 5",
        "33%, 10, 4",
        "100%, 7, 7",
        "100%, 2000000000, 2000000000",
        "0%, 50, 1",
        "3, 100, 3",
        "3, 1, 3",
        "1, 0, 1"
    })
    void aPercentageIsRoundedUpAndOneMayAlwaysChange(String limit, int workloads, int expected) {
        assertThat(rules("{\"maxConcurrent\":\"" + limit + "\"}")
                        .maxConcurrent()
                        .among(workloads))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{\"rollout\":null}", "{\"rollout\":{}}", "{\"rollout\":{\"maxConcurrent\":null}}"})
    void aPolicyThatSaysNothingHasTheDefaults(String spec) {
        RolloutRules rules = RolloutRules.of(Json.parse(spec));

        assertThat(rules).isEqualTo(RolloutRules.DEFAULT);
        assertThat(rules.maxConcurrent()).isEqualTo(new Limit(10, true));
        assertThat(rules.minReady()).isZero();
        assertThat(rules.progressDeadline()).isEqualTo(Duration.ofMinutes(10));
        assertThat(rules.onFailure()).isEqualTo(OnFailure.ROLLBACK);
        assertThat(rules.first()).isEmpty();
    }

    @Test
    void whatAPolicySaysIsRead() {
        RolloutRules rules = rules("{\"maxConcurrent\":4,\"minReadySeconds\":30,\"progressDeadlineSeconds\":90,"
                + "\"onFailure\":\"Pause\",\"first\":{\"matchLabels\":{\"canary\":\"yes\"}}}");

        assertThat(rules.maxConcurrent()).isEqualTo(new Limit(4, false));
        assertThat(rules.minReady()).isEqualTo(Duration.ofSeconds(30));
        assertThat(rules.progressDeadline()).isEqualTo(Duration.ofSeconds(90));
        assertThat(rules.onFailure()).isEqualTo(OnFailure.PAUSE);
        assertThat(rules.first().orElseThrow().matches(Map.of("canary", "yes"))).isTrue();
        assertThat(rules.first().orElseThrow().matches(Map.of("canary", "no"))).isFalse();
    }

    @Test
    void theStrictestWaitsLongestAndHasTheLeastPatienceWhicheverIsAsked() {
        RolloutRules one = rules("{\"minReadySeconds\":30,\"progressDeadlineSeconds\":600}");
        RolloutRules other = rules("{\"minReadySeconds\":10,\"progressDeadlineSeconds\":60}");

        assertThat(one.strictest(other)).isEqualTo(other.strictest(one));
        assertThat(one.strictest(other).minReady()).isEqualTo(Duration.ofSeconds(30));
        assertThat(one.strictest(other).progressDeadline()).isEqualTo(Duration.ofSeconds(60));
    }

    private static RolloutRules rules(String rollout) {
        return RolloutRules.of(Json.parse("{\"rollout\":" + rollout + "}"));
    }
}

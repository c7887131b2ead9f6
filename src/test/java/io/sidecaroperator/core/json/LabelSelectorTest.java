package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | {} | true",
                "{} | {\"a\":\"1\"} | true",
                "{\"matchLabels\":{\"a\":\"1\"}} | {\"a\":\"1\",\"b\":\"2\"} | true",
                "{\"matchLabels\":{\"a\":\"1\"}} | {\"a\":\"2\"} | false",
                "{\"matchLabels\":{\"a\":\"\"}} | {} | false",
                "{\"matchLabels\":{\"a\":\"1\",\"b\":\"2\"}} | {\"a\":\"1\"} | false",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"1\",\"2\"]}]}"
                        + " | {\"a\":\"2\"} | true",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"1\"]}]} | {} | false",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"NotIn\",\"values\":[\"1\"]}]} | {} | true",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"NotIn\",\"values\":[\"1\"]}]}"
                        + " | {\"a\":\"1\"} | false",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]} | {\"a\":\"\"} | true",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]} | {} | false",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"DoesNotExist\"}]} | {} | true",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"DoesNotExist\"}]} | {\"a\":\"1\"} | false",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Like\",\"values\":[\"1\"]}]}"
                        + " | {\"a\":\"1\"} | false",
                "{\"matchLabels\":{\"a\":\"1\"},\"matchExpressions\":[{\"key\":\"b\",\"operator\":\"Exists\"}]}"
                        + " | {\"a\":\"1\"} | false"
            })
    void selectsAsTheApiServerDoes(String selector, String labels, boolean matches) {
        assertThat(LabelSelector.of(Json.parse(selector))
                        .matches(Json.strings(Json.object().set("labels", Json.parse(labels)), "labels")))
                .isEqualTo(matches);
    }
}

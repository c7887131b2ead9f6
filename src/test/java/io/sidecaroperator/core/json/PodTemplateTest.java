package io.sidecaroperator.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTemplateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | spec is not an object",
                "{\"spec\":[]} | spec is not an object",
                "{\"spec\":{}} | spec.containers has no container",
                "{\"spec\":{\"containers\":{}}} | spec.containers is not a list",
                "{\"spec\":{\"containers\":[1]}} | spec.containers[0] is not an object",
                "{\"spec\":{\"containers\":[{}]}} | spec.containers[0] has no name",
                "{\"spec\":{\"containers\":[{\"name\":\"\"}]}} | spec.containers[0] has no name",
                "{\"spec\":{\"containers\":[{\"name\":\"a\"},{\"name\":\"a\"}]}}"
                        + " | spec.containers[1] repeats the name a",
                "{\"spec\":{\"containers\":[{\"name\":\"a\"}],\"initContainers\":[{\"name\":\"a\"}]}}"
                        + " | two containers are named a",
                "{\"spec\":{\"containers\":[{\"name\":\"a\"}],\"volumes\":[{\"name\":\"v\"},{\"name\":\"v\"}]}}"
                        + " | spec.volumes[1] repeats the name v",
                "{\"spec\":{\"containers\":[{\"name\":\"a\",\"env\":[\"X=1\"]}]}}"
                        + " | container a.env[0] is not an object",
                "{\"metadata\":[],\"spec\":{\"containers\":[{\"name\":\"a\"}]}} | metadata is not an object",
                "{\"metadata\":{\"labels\":[]},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}"
                        + " | metadata.labels is not an object"
            })
    void saysWhatItIsNoTemplateFor(String template, String problem) {
        assertThat(of(template).problem()).contains(problem);
    }

    @Test
    void asksForNoMoreThanNamesAndShapes() {
        assertThat(of("{\"metadata\":null,\"spec\":{\"containers\":[{\"name\":\"a\",\"env\":null}],\"volumes\":null}}")
                        .problem())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', true", "Always, true", "OnFailure, false", "Never, false"})
    void restartsAlwaysUnlessItSaysOtherwise(String policy, boolean always) {
        ObjectNode root = Json.object();
        root.putObject("spec").put("restartPolicy", policy);

        assertThat(new PodTemplate(root).restartsAlways()).isEqualTo(always);
        assertThat(of("{\"spec\":{}}").restartsAlways()).isTrue();
    }

    private static PodTemplate of(String json) {
        return new PodTemplate((ObjectNode) Json.parse(json));
    }
}

package io.sidecaroperator.core.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.support.Manifests;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LimitRangesTest {
    private static final String TWO =
            "{containers: [{name: app, resources: {requests: {cpu: 200m}, limits: {cpu: 1}}}],"
                    + " initContainers: [{name: i, resources: {limits: {cpu: 500m}}}]}";

    /** Items of a LimitRange, spec of a pod, and the sentences about it. */
    static Stream<Arguments> table() {
        return Stream.of(
                row("{type: Container, min: {cpu: 200m}, max: {cpu: 1}, maxLimitRequestRatio: {cpu: 5}}", TWO),
                row(
                        "{type: Container, max: {cpu: 600m}}",
                        TWO,
                        "container \"app\": resources.limits.cpu must be at most 600m (LimitRange), but is 1"),
                row(
                        "{type: Container, min: {cpu: 0.3}}",
                        TWO,
                        "container \"app\": resources.requests.cpu must be at least 300m (LimitRange), but is 200m"),
                row(
                        "{type: Container, maxLimitRequestRatio: {cpu: 4.5}}",
                        TWO,
                        "container \"app\": resources.limits.cpu must be at most 4.5 times the request (LimitRange),"
                                + " but is 1"),
                row(
                        "{type: Container, maxLimitRequestRatio: {memory: 2}}",
                        "{containers: [{name: app}]}",
                        "container \"app\": resources.requests.memory must be above 0, because the limit is at most 2"
                                + " times it (LimitRange), but is not set"),
                row("{type: Container, max: {memory: 1Gi}}", "{containers: [{name: app}]}"),
                row("{type: Container, min: {memory: 1Gi}}", "{containers: [{name: app}]}"),
                row(
                        "{type: Container, default: {memory: 64Mi}}",
                        "{containers: [{name: app, resources: {requests: {memory: 1Gi}}}]}",
                        "container \"app\": resources.requests.memory must be at most the limit of 64Mi that the"
                                + " container has or gets by default, but is 1Gi"),
                row(
                        "{type: Container, default: {memory: 2Gi}, defaultRequest: {memory: 1Gi}}",
                        "{containers: [{name: app, resources: {limits: {memory: 64Mi}}}]}"),
                row(
                        "{type: Container, defaultRequest: {example.com/gpu: 2}, default: {example.com/gpu: 2}}",
                        "{containers: [{name: app, resources: {requests: {example.com/gpu: 1}}}]}",
                        "container \"app\": resources.requests.example.com/gpu must be the limit of 2 that the container"
                                + " has or gets by default, but is 1"),
                row("{type: Pod, max: {cpu: 1}}", TWO),
                row(
                        "{type: Pod, max: {cpu: 1400m}}",
                        TWO.replace("name: i,", "name: i, restartPolicy: Always,"),
                        "pod (all containers together): resources.limits.cpu must be at most 1400m (LimitRange), but is"
                                + " 1500m"),
                row(
                        "{type: Pod, min: {memory: 1Gi}, max: {memory: 2Gi}}",
                        "{containers: [{name: app}]}",
                        "pod (all containers together): resources.requests.memory must be at least 1Gi (LimitRange), but"
                                + " is not set",
                        "pod (all containers together): resources.limits.memory must be at most 2Gi (LimitRange), but is"
                                + " not set"),
                row("{type: Pod, max: {cpu: 3}}", "{resources: {limits: {cpu: 3}}, containers: [{name: app}]}"),
                row(
                        "{type: Pod, max: {cpu: 2}}",
                        "{resources: {limits: {cpu: 3}}, containers: [{name: app}]}",
                        "pod (all containers together): resources.limits.cpu must be at most 2 (LimitRange), but is 3"),
                row("{type: PersistentVolumeClaim, max: {storage: 1Gi}}", "{containers: [{name: app}]}"));
    }

    @ParameterizedTest
    @MethodSource
    void table(String items, String spec, List<String> sentences) {
        assertThat(limits(items).violations(pod(spec)))
                .extracting(Violation::toString)
                .isEqualTo(sentences);
    }

    /** Init containers run one by one beside the sidecars before them. */
    @Test
    void countsInitContainersByTheLargestMoment() {
        String sidecar = "{name: s, restartPolicy: Always, resources: {limits: {cpu: 1}}}";
        String init = "{name: i, resources: {limits: {cpu: 3}}}";
        String app = ", containers: [{name: app, resources: {limits: {cpu: 500m}}}]}";
        assertThat(limitOf("{initContainers: [" + init + ", " + sidecar + "]" + app))
                .isEqualTo("3");
        assertThat(limitOf("{initContainers: [" + sidecar + ", " + init + "]" + app))
                .isEqualTo("4");
        assertThat(limitOf("{initContainers: [" + sidecar + "]" + app)).isEqualTo("1500m");
    }

    @Test
    void aPodThatWasTooLargeBreaksNothingNew() {
        LimitRanges limits = limits("{type: Pod, max: {cpu: 500m}}");
        List<Violation> before = limits.violations(pod("{containers: [{name: app, resources: {limits: {cpu: 1}}}]}"));
        List<Violation> after = limits.violations(pod("{containers: [{name: app, resources: {limits: {cpu: 1}}},"
                + " {name: b, resources: {limits: {cpu: 1}}}]}"));
        assertThat(before).hasSize(1);
        assertThat(after).isEqualTo(before);
        assertThat(Violation.added(before, after)).isEmpty();
    }

    @Test
    void aPodsOwnResourcesHaveRoomForItsContainers() {
        String pod = "{resources: {requests: {cpu: 500m}, limits: {cpu: 1, memory: 1Gi}}, containers: [{name: app,"
                + " resources: {requests: {cpu: 400m}, limits: {memory: 512Mi}}}SIDECAR]}";
        assertThat(ownResources(pod.replace("SIDECAR", ""), LimitRanges.NONE)).isEmpty();
        assertThat(ownResources(
                        pod.replace(
                                "SIDECAR",
                                ", {name: s, resources: {requests: {cpu: 200m}, limits: {cpu: 2, memory: 2Gi}}}"),
                        LimitRanges.NONE))
                .containsExactly(
                        "pod: resources.requests.cpu must be at least what all containers have together, but is 500m"
                                + " for 600m",
                        "pod: resources.requests.memory must be at most the pod's own limit of 1Gi, but is 2560Mi",
                        "container \"s\": resources.limits.cpu must be at most the pod's own limit of 1, but is 2",
                        "container \"s\": resources.limits.memory must be at most the pod's own limit of 1Gi, but is"
                                + " 2Gi");
        assertThat(ownResources(pod.replace("SIDECAR", ", {name: s}"), limits("{type: Container, default: {cpu: 4}}")))
                .contains("container \"s\": resources.limits.cpu must be at most the pod's own limit of 1, but is 4");
        assertThat(ownResources("{containers: [{name: app}]}", LimitRanges.NONE))
                .isEmpty();
    }

    @Test
    void isAValueAndLeavesThePodAlone() {
        assertThat(limits("{type: Pod, max: {cpu: 1}}"))
                .isEqualTo(limits("{type: Pod, max: {cpu: 1000m}}"))
                .hasSameHashCodeAs(limits("{type: Pod, max: {cpu: 1000m}}"))
                .isNotEqualTo(limits("{type: Pod, max: {cpu: 2}}"))
                .isNotEqualTo(LimitRanges.NONE);
        ObjectNode pod = pod(TWO);
        ObjectNode copy = pod.deepCopy();
        assertThat(limits("{type: Container, max: {cpu: 10m}}").violations(pod)).hasSize(2);
        assertThat(pod).isEqualTo(copy);
    }

    private static String limitOf(String spec) {
        return Amount.text("cpu", PodResources.of(pod(spec)).sum().limits().getOrDefault("cpu", BigDecimal.ZERO));
    }

    private static List<String> ownResources(String spec, LimitRanges limits) {
        return PodLevelResources.violations(pod(spec), limits).stream()
                .map(Violation::toString)
                .toList();
    }

    private static Arguments row(String items, String spec, String... sentences) {
        return Arguments.of(items, spec, List.of(sentences));
    }

    private static LimitRanges limits(String items) {
        return LimitRanges.of(Manifests.parse("{limits: [" + items + "]}").objects());
    }

    private static ObjectNode pod(String spec) {
        return Manifests.parse("{spec: " + spec + "}").objects().get(0);
    }
}

package io.sidecaroperator.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.support.Checkout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the demonstration checks holds for the engine's result of the example, and fails when a part is missing. */
class ExampleTest {
    private final Example example = Example.read(
            Checkout.ROOT,
            "examples/log-collector/app.yaml",
            "examples/log-collector/policy.yaml",
            "examples/log-collector/pod.yaml");

    @Test
    void theInjectedTemplateIsWhatTheDemoExpects() {
        example.checkInjected(injected());
        assertThat(example.isInjected(injected())).isTrue();
        assertThat(example.isInjected(example.app().at("/spec/template"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "/spec/initContainers => the sidecar log-collector is not there",
                "/spec/initContainers/0/restartPolicy => the sidecar's restartPolicy: expected Always, found nothing",
                "/spec/initContainers/0/livenessProbe => its probe: expected 2020, found nothing",
                "/spec/initContainers/0/resources/requests => the sidecar's request of cpu: expected 100m, found nothing",
                "/spec/initContainers/0/resources/limits => the sidecar's limit of memory: expected 512Mi, found nothing",
                "/spec/initContainers/0/volumeMounts => the mount in log-collector: expected /var/log/app, found nothing",
                "/spec/containers/0/volumeMounts => the mount in web: expected /var/log/app, found nothing",
                "/spec/containers/0/env => the variable LOG_DIR in web: expected /var/log/app, found nothing",
                "/spec/volumes => the volume app-logs is not there",
                "/spec/volumes/0/emptyDir => the volume's size limit: expected 1Gi, found nothing"
            })
    void whatIsMissingIsNamed(String path, String message) {
        ObjectNode template = injected();
        int slash = path.lastIndexOf('/');
        ((ObjectNode) template.at(path.substring(0, slash))).remove(path.substring(slash + 1));
        assertThatThrownBy(() -> example.checkInjected(template))
                .isInstanceOf(DemoFailure.class)
                .hasMessage(message);
    }

    @Test
    void aTemplateIsShownInAFewLines() {
        ObjectNode template = injected();
        ((ArrayNode) template.at("/spec/volumes")).addObject().put("name", "kube-api-access-x");
        List<String> lines = TemplateLines.of(template);
        assertThat(lines)
                .contains(
                        "container web: busybox:1.37.0",
                        "  web: env LOG_DIR=/var/log/app",
                        "  log-collector: requests cpu 100m, memory 128Mi",
                        "  log-collector: livenessProbe GET :2020/",
                        "volume app-logs: emptyDir {\"sizeLimit\":\"1Gi\"}")
                .noneMatch(line -> line.contains("kube-api-access"));
        assertThat(lines.get(0)).startsWith("native sidecar log-collector: fluent/fluent-bit:");
    }

    private ObjectNode injected() {
        Input input = Input.ofTemplate(
                WorkloadKind.DEPLOYMENT.refOf(example.app(), "shop"),
                Input.InNamespace.PLAIN,
                (ObjectNode) example.app().at("/spec/template"),
                KubernetesVersion.NEWEST,
                new Trigger.Offline());
        return Engine.CURRENT
                .inject(input, PolicyIndex.of(List.of(PolicyCompiler.compile(example.policyObject()))))
                .template();
    }
}

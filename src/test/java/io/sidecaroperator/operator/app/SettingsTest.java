package io.sidecaroperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidecaroperator.core.workload.CustomKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.app.Settings.Given;
import io.sidecaroperator.operator.app.Settings.Installation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void hasDefaultsForEverything() {
        assertThat(Settings.of(Given.NOTHING, Map.of(), Optional.empty()))
                .isEqualTo(new Settings(
                        Optional.empty(),
                        Set.of(),
                        Optional.empty(),
                        9443,
                        true,
                        8080,
                        WorkloadKinds.BUILT_IN,
                        true,
                        new Installation("sidecar-operator-system", "sidecar-operator")));
    }

    @Test
    void readsTheEnvironment() {
        Map<String, String> environment = Map.of(
                "SIDECAR_OPERATOR_LEADER_ELECTION", "false",
                "SIDECAR_OPERATOR_KUBECONFIG", "/etc/kubeconfig",
                "SIDECAR_OPERATOR_NAMESPACES", "shop, bank",
                "SIDECAR_OPERATOR_WEBHOOK_HOST", "127.0.0.1",
                "SIDECAR_OPERATOR_WEBHOOK_PORT", "0",
                "SIDECAR_OPERATOR_WORKLOAD_WEBHOOK", "false",
                "SIDECAR_OPERATOR_HTTP_PORT", " 9090 ",
                "SIDECAR_OPERATOR_SERVICE", "sidecars",
                "SIDECAR_OPERATOR_WORKLOAD_KINDS",
                        "argoproj.io/v1alpha1/Rollout=/spec/template, "
                                + "apps.kruise.io/v1beta1/StatefulSet=/spec/template",
                "POD_NAMESPACE", "ops");

        assertThat(Settings.of(Given.NOTHING, environment, Optional.of("from-file")))
                .isEqualTo(new Settings(
                        Optional.of(Path.of("/etc/kubeconfig")),
                        Set.of("shop", "bank"),
                        Optional.of("127.0.0.1"),
                        0,
                        false,
                        9090,
                        new WorkloadKinds(List.of(
                                CustomKind.parse("argoproj.io/v1alpha1/Rollout=/spec/template"),
                                CustomKind.parse("apps.kruise.io/v1beta1/StatefulSet=/spec/template"))),
                        false,
                        new Installation("ops", "sidecars")));
    }

    @Test
    void theCommandLineWins() {
        Map<String, String> environment = Map.of(
                "SIDECAR_OPERATOR_LEADER_ELECTION", "true",
                "SIDECAR_OPERATOR_KUBECONFIG", "a",
                "SIDECAR_OPERATOR_NAMESPACES", "a",
                "SIDECAR_OPERATOR_WEBHOOK_HOST", "a",
                "SIDECAR_OPERATOR_WEBHOOK_PORT", "1",
                "SIDECAR_OPERATOR_WORKLOAD_WEBHOOK", "true",
                "SIDECAR_OPERATOR_WORKLOAD_KINDS", "a",
                "SIDECAR_OPERATOR_HTTP_PORT", "1");
        Given given = new Given(
                "b", List.of("b", "c,d", "b"), "::1", "2", "false", "3", List.of("a.io/v1/B=/spec/template"), "false");

        Settings settings = Settings.of(given, environment, Optional.empty());

        assertThat(settings.kubeconfig()).contains(Path.of("b"));
        assertThat(settings.namespaces()).containsExactlyInAnyOrder("b", "c", "d");
        assertThat(settings.webhookHost()).contains("::1");
        assertThat(settings.webhookPort()).isEqualTo(2);
        assertThat(settings.workloadWebhook()).isFalse();
        assertThat(settings.leaderElection()).isFalse();
        assertThat(settings.httpPort()).isEqualTo(3);
        assertThat(settings.kinds().custom()).containsExactly(CustomKind.parse("a.io/v1/B=/spec/template"));
    }

    @Test
    void emptyVariablesCountAsNone() {
        assertThat(Settings.of(Given.NOTHING, Map.of("SIDECAR_OPERATOR_NAMESPACES", ""), Optional.empty())
                        .namespaces())
                .isEmpty();
    }

    @Test
    void ownNamespaceIsThatOfTheServiceAccountUnlessNamed() {
        assertThat(Settings.of(Given.NOTHING, Map.of(), Optional.of("from-file"))
                        .installation()
                        .namespace())
                .isEqualTo("from-file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIDECAR_OPERATOR_WEBHOOK_PORT | https    | a port from 0 to 65535",
                "SIDECAR_OPERATOR_WEBHOOK_PORT | -1       | a port from 0 to 65535",
                "SIDECAR_OPERATOR_HTTP_PORT    | 65536    | a port from 0 to 65535",
                "SIDECAR_OPERATOR_HTTP_PORT    | 80.0     | a port from 0 to 65535",
                "SIDECAR_OPERATOR_WORKLOAD_WEBHOOK | yes  | true or false",
                "SIDECAR_OPERATOR_LEADER_ELECTION  | no   | true or false",
                "SIDECAR_OPERATOR_WEBHOOK_HOST | https://x| without scheme",
                "SIDECAR_OPERATOR_WEBHOOK_HOST | x:443    | without scheme, port or path",
                "SIDECAR_OPERATOR_WEBHOOK_HOST | a/b      | without scheme, port or path",
                "SIDECAR_OPERATOR_NAMESPACES   | a,,b     | lower-case letters",
                "SIDECAR_OPERATOR_NAMESPACES   | Shop     | lower-case letters",
                "SIDECAR_OPERATOR_SERVICE      | a.b      | lower-case letters",
                "POD_NAMESPACE                 | a_b      | lower-case letters"
            })
    void saysWhichVariableIsWrongAndWhatWasExpected(String variable, String value, String expected) {
        assertThatThrownBy(() -> Settings.of(Given.NOTHING, Map.of(variable, value), Optional.empty()))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(variable + " is \"")
                .hasMessageContaining(expected);
    }

    @Test
    void saysWhichOptionIsWrong() {
        assertThatThrownBy(() -> Settings.of(
                        new Given(null, List.of(), null, "x", null, null, List.of(), null), Map.of(), Optional.empty()))
                .hasMessage("--webhook-port is \"x\"; expected a port from 0 to 65535, 0 for any free one");
        assertThatThrownBy(() -> Settings.of(
                        new Given("", List.of(), null, null, null, null, List.of(), null), Map.of(), Optional.empty()))
                .hasMessage("--kubeconfig is \"\"; expected a value");
        assertThatThrownBy(() -> Settings.of(
                        new Given(null, List.of(""), null, null, null, null, List.of(), null),
                        Map.of(),
                        Optional.empty()))
                .hasMessageStartingWith("--namespace is \"\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "argoproj.io/v1alpha1/Rollout | \"argoproj.io/v1alpha1/Rollout\" names no kind; expected GROUP/VERSION/KIND=PATH",
                "argoproj.io/Rollout=/spec/template | names no kind",
                "apps/v1/Deployment=/spec/template | names no kind",
                "argoproj.io/v1alpha1/Rollout=spec.template | names no kind",
                "a.io/v1/B=/spec/template,a.io/v2/B=/spec/template | B of a.io is named twice"
            })
    void saysWhichWorkloadKindIsWrong(String value, String expected) {
        Map<String, String> environment = Map.of("SIDECAR_OPERATOR_WORKLOAD_KINDS", value);

        assertThatThrownBy(() -> Settings.of(Given.NOTHING, environment, Optional.empty()))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("SIDECAR_OPERATOR_WORKLOAD_KINDS: ")
                .hasMessageContaining(expected);
    }
}

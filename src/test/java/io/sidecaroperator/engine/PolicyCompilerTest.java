package io.sidecaroperator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.tree.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCompilerTest {
    private static final String SPEC =
            "\"selector\":{},\"sidecars\":[{\"name\":\"a\",\"image\":\"i:1\",\"ports\":[{\"containerPort\":80}]}]";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{" + SPEC + "} | true",
                "{\"sidecars\":[{\"image\":\"i:1\",\"ports\":[{\"containerPort\":80.0}],\"name\":\"a\",\"args\":null}]}"
                        + " | true",
                "{" + SPEC + ",\"priority\":7,\"hostNetwork\":\"Inject\",\"workloads\":{\"names\":[\"w*\"]}} | true",
                "{" + SPEC + ",\"imagePullSecrets\":[{\"name\":\"s\"}]} | false",
                "{" + SPEC + ",\"podMetadata\":{\"labels\":{\"a\":\"b\"}}} | false",
                "{\"sidecars\":[{\"name\":\"a\",\"image\":\"i:2\",\"ports\":[{\"containerPort\":80}]}]} | false"
            })
    void aRevisionIsOfWhatIsInjectedAndNotOfHowItIsWritten(String spec, boolean same) {
        String revision = PolicyCompiler.revision((ObjectNode) Json.parse("{" + SPEC + "}"));

        assertThat(PolicyCompiler.revision((ObjectNode) Json.parse(spec)).equals(revision))
                .isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"spec\":{}} | the policy has no metadata.name",
                "{\"metadata\":{\"name\":\"logs\"},\"spec\":{}} | policy logs: metadata.namespace is missing",
                "{\"metadata\":{\"name\":\"logs\",\"namespace\":\"shop\"}} | policy shop/logs: spec is missing",
                "{\"metadata\":{\"name\":\"logs\",\"namespace\":\"shop\"},\"spec\":{\"sidecars\":[{\"image\":\"x\"}]}}"
                        + " | name is missing in {\"image\":\"x\"}"
            })
    void saysWhatIsNoPolicy(String policy, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCompiler.compile((ObjectNode) Json.parse(policy)))
                .withMessage(message);
    }
}

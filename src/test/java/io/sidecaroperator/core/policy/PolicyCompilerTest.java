package io.sidecaroperator.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.PolicyFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCompilerTest {
    private static final String SPEC =
            "\"selector\":{},\"sidecars\":[{\"name\":\"a\",\"image\":\"i:1\",\"ports\":[{\"containerPort\":80}]}]";

    /** Fields that were added to policies after the revisions below were computed. */
    private static final List<String> LATER_FIELDS = List.of("hostAliases");

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

    /** A revision that changes with an upgrade of the operator would restart every pod that has it. */
    @ParameterizedTest
    @CsvSource({
        "src/test/resources/valid-policies/defaults-only.yaml, f381645c8c",
        "src/test/resources/valid-policies/future-fields.yaml, 2ee4af6763",
        "src/test/resources/valid-policies/grace-period-only.yaml, ae4daf083b",
        "src/test/resources/valid-policies/metadata-only.yaml, d92f1d17ae",
        "src/test/resources/valid-policies/no-sidecar.yaml, 86ec4afec8",
        "src/test/resources/valid-policies/rollout.yaml, fa5fff6808",
        "src/test/resources/valid-policies/short.yaml, a498fc8a7d",
        "src/test/resources/valid-policies/whole.yaml, 55eb71c825",
        "examples/auth-proxy/policy.yaml, 09810c2fbb",
        "examples/fleet-metrics/policy.yaml, 6922419fb6",
        "examples/init-ca-bundle/policy.yaml, 74b703ab8e",
        "examples/log-collector/policy.yaml, 3d7f7e42d8",
        "examples/logs-fluentd/policy.yaml, 2ee2563907",
        "examples/pod-injection/policy.yaml, 54e0baee37"
    })
    void theRevisionOfAnUnchangedPolicyStays(String file, String revision) {
        assertThat(PolicyFile.yaml(Checkout.read(file)))
                .isNotEmpty()
                .allSatisfy(policy -> assertThat(
                                PolicyCompiler.compile(asItWas(policy)).revision())
                        .isEqualTo(revision));
    }

    private static ObjectNode asItWas(ObjectNode policy) {
        policy.withObject("/metadata").put("namespace", "shop");
        policy.withObject("/spec").remove(LATER_FIELDS);
        return policy;
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

package io.sidecaroperator.core.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Crds;
import io.sidecaroperator.support.PolicyFile;
import io.sidecaroperator.support.PolicyFile.Expectation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyValidatorTest {
    private static final PolicyValidator VALIDATOR = new PolicyValidator(Crds.all());

    static Stream<PolicyFile> invalidPolicies() {
        return PolicyFile.invalid().stream();
    }

    static Stream<PolicyFile> validPolicies() {
        return PolicyFile.valid().stream();
    }

    @ParameterizedTest
    @MethodSource("invalidPolicies")
    void saysWhatTheServerSays(PolicyFile file) {
        List<Finding> findings = VALIDATOR.validate(file.policy());

        for (Expectation expected : file.expectations()) {
            assertThat(findings).anySatisfy(finding -> {
                assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                assertThat(finding.path()).isEqualTo(expected.path());
                assertThat(finding.message()).contains(expected.message());
            });
        }
    }

    @ParameterizedTest
    @MethodSource("validPolicies")
    void findsNoErrorInAValidPolicy(PolicyFile file) {
        assertThat(VALIDATOR.validate(file.policy()))
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalidPolicies")
    void leavesThePolicyAsItIs(PolicyFile file) {
        ObjectNode before = file.policy().deepCopy();

        VALIDATOR.validate(file.policy());

        assertThat(file.policy()).isEqualTo(before);
    }

    @Test
    void reportsEverythingAtOnce() {
        ObjectNode policy = policy("""
                selector: {matchLabels: {a: "!"}}
                hostNetwork: Perhaps
                sidecars:
                - {name: A, image: b, volumeMounts: [{name: none, mountPath: x}], placement: {before: a, after: b}}
                """);

        assertThat(VALIDATOR.validate(policy))
                .extracting(Finding::path)
                .containsExactly(
                        "spec.selector.matchLabels.a",
                        "spec.hostNetwork",
                        "spec.sidecars[0].name",
                        "spec.sidecars[0].volumeMounts[0].mountPath",
                        "spec.sidecars[0].placement",
                        "spec.sidecars");
    }

    @Test
    void anUnknownFieldOfThePolicyIsAnError() {
        ObjectNode policy = policy("selector: {matchlabels: {a: b}}\nsidecar: []\npodMetadata: {labels: {a: b}}");

        assertThat(VALIDATOR.validate(policy))
                .extracting(Finding::toString)
                .containsExactly("spec.selector.matchlabels: unknown field", "spec.sidecar: unknown field");
    }

    @Test
    void anUnknownFieldOfAContainerIsAWarning() {
        ObjectNode policy = policy("""
                selector: {}
                sidecars: [{name: a, image: b, comand: [sh], livenessProbe: {exec: {command: [a]}, periodSecond: 1}}]
                """);

        assertThat(VALIDATOR.validate(policy)).allSatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.message()).contains("unknown to core/v1").contains("kept");
        });
        assertThat(VALIDATOR.validate(policy))
                .extracting(Finding::path)
                .containsExactly("spec.sidecars[0].comand", "spec.sidecars[0].livenessProbe.periodSecond");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                                     | kind: must be SidecarPolicy or ClusterSidecarPolicy
                    {"kind": 1}                                                            | kind: must be SidecarPolicy or ClusterSidecarPolicy
                    {"kind": "SidecarPolicy", "apiVersion": "v1"}                          | apiVersion: must be sidecar-operator.io/v1alpha1
                    {"kind": "SidecarPolicy"}                                              | metadata.name: Required value
                    {"kind": "SidecarPolicy", "metadata": {"name": 1}}                     | metadata.name: must be of type string, but is number; put it in quotes: "1"
                    {"kind": "SidecarPolicy", "metadata": {"name": "A"}}                   | metadata.name: should match
                    {"kind": "SidecarPolicy", "metadata": {"name": "a", "namespace": "."}} | metadata.namespace: should match
                    {"kind": "SidecarPolicy", "metadata": {"name": "a", "labels": {"a": 1}}} | metadata.labels.a: must be of type string, but is number
                    {"kind": "SidecarPolicy", "metadata": {"name": "a", "labels": {"a": "c d"}}} | metadata.labels.a: should match
                    {"kind": "SidecarPolicy", "metadata": {"name": "a", "labels": {"a b": "c"}}} | metadata.labels: keys must be a name
                    {"kind": "SidecarPolicy", "metadata": {"name": "a", "annotations": {"a": true}}} | metadata.annotations.a: must be of type string, but is boolean
                    {"kind": "SidecarPolicy", "metadata": {"name": "a", "annotations": []}} | metadata.annotations: must be of type object
                    {"kind": "ClusterSidecarPolicy", "metadata": {"namespace": "a"}}       | metadata.namespace: must not be set: ClusterSidecarPolicy has none
                    {"kind": "SidecarPolicy", "specs": {}}                                 | specs: unknown field
                    {"kind": "SidecarPolicy", "spec": null}                                | spec: must be of type object, but is null
                    """)
    void checksTheHeadOfAPolicy(String json, String expected) {
        assertThat(VALIDATOR.validate((ObjectNode) Json.parse(json)))
                .extracting(Finding::toString)
                .anySatisfy(line -> assertThat(line).startsWith(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cpu: 0.5  | put it in quotes: "0.5"
                    cpu: true | put it in quotes: "true"
                    cpu: []   | must be of type integer,string, but is array
                    """)
    void saysHowToWriteAQuantity(String limit, String expected) {
        ObjectNode policy =
                policy("selector: {}\nsidecars: [{name: a, image: b, resources: {limits: {" + limit + "}}}]");

        assertThat(VALIDATOR.validate(policy)).singleElement().satisfies(finding -> {
            assertThat(finding.path()).isEqualTo("spec.sidecars[0].resources.limits.cpu");
            assertThat(finding.message()).contains(expected);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "off", "True", "010", "0x1F", "1e3", "1_000", ".5", "1.10", "5000000000", "+1"})
    void saysToQuoteWhatWasWritten(String value) {
        assertThat(VALIDATOR.validate(policy("selector: {matchLabels: {logs: " + value + "}}\nsidecars: []")))
                .anySatisfy(finding -> {
                    assertThat(finding.path()).contains("matchLabels");
                    assertThat(finding.message()).endsWith("; put it in quotes: \"" + value + "\"");
                });
    }

    @Test
    void aNameThatEndsWithALineBreakIsNone() {
        ObjectNode policy = policy("selector: {}\nsidecars: [{name: \"a\\n\", image: b}]");

        assertThat(VALIDATOR.validate(policy)).extracting(Finding::path).containsExactly("spec.sidecars[0].name");
    }

    @Test
    void refusesACrdWithARuleThatItDoesNotKnow() {
        ObjectNode crd = Crds.read(Crds.POLICY_FILE);
        ArrayNode rules = (ArrayNode) Crds.schema(crd).at("/properties/spec/x-kubernetes-validations");
        rules.addObject().put("rule", "true").put("message", "never");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PolicyValidator(List.<JsonNode>of(crd)))
                .withMessageContaining("of another release");
    }

    private static ObjectNode policy(String spec) {
        ObjectNode policy = Json.object().put("apiVersion", "sidecar-operator.io/v1alpha1");
        policy.put("kind", "SidecarPolicy").putObject("metadata").put("name", "test");
        policy.set("spec", PolicyFile.yaml(spec).findFirst().orElseThrow());
        return policy;
    }
}
